/**
 * All steps that a pipeline may have, in the order in which they run: `stepsOf` says which of them a request has. Each is one
 * activity that follows one Kubernetes Job.
 */
export const STEPS = [
  'provision',
  'deployMysql',
  'loadSampleData',
  'dump',
  'upload',
  'dumpAndUpload',
  'copy',
  'restore',
  'verify',
] as const
export type StepName = (typeof STEPS)[number]

/** What takes back a step. Each that has to reach MySQL or S3 is one Kubernetes Job, like a step. */
export const UNDOS = ['removeMysql', 'releaseStaging', 'deleteUpload', 'deleteCopy', 'dropRestored'] as const
export type UndoName = (typeof UNDOS)[number]

/** What a Job may be for. */
export type JobPurpose = StepName | UndoName | 'pruneBackups'

/** What a step's activity returns: its Job's answer, and which Job gave it. */
export interface StepResult<Answer> {
  readonly jobName: string
  /** How many Jobs it took: 1 where the first one did it. */
  readonly attempts: number
  readonly answer: Answer
}
