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
export type PipelineStepName = (typeof STEPS)[number]

/**
 * The steps of a restore, in the order in which they run. It deploys MySQL where it is to write into the namespace's own, and swaps
 * where it may write over what is there.
 */
export const RESTORE_STEPS = ['findBackup', 'deployMysql', 'restore', 'verify', 'swap'] as const

/** The steps of a drill, in the order in which they run. */
export const DRILL_STEPS = ['findBackup', 'deployScratch', 'restore', 'verify'] as const

/** Every step that there is. */
export const ALL_STEPS = [...STEPS, 'findBackup', 'deployScratch', 'swap'] as const
export type StepName = (typeof ALL_STEPS)[number]

/** What takes back a step. Each that has to reach MySQL or S3 is one Kubernetes Job, like a step. */
export const UNDOS = [
  'removeMysql',
  'releaseStaging',
  'deleteUpload',
  'deleteCopy',
  'dropRestored',
  'removeScratch',
  'swapBack',
] as const
export type UndoName = (typeof UNDOS)[number]

/** What a doctor's Jobs look at: all that a pod sees, the images of another engine, of Terraform and of MySQL, a volume. */
export type DoctorPurpose = 'doctor' | 'doctorEngine' | 'doctorTerraform' | 'doctorMysql' | 'doctorVolume'

/** What a Job may be for. */
export type JobPurpose = StepName | UndoName | DoctorPurpose | 'pruneBackups'

/** What a step's activity returns: its Job's answer, and which Job gave it. */
export interface StepResult<Answer> {
  readonly jobName: string
  /** How many Jobs it took: 1 where the first one did it. */
  readonly attempts: number
  readonly answer: Answer
}
