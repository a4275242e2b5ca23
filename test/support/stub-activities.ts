import { createPauseSchedule } from '../../src/activities/pause-schedule.ts'
import { createReadPendingJobs } from '../../src/activities/read-pending-jobs.ts'
import { createTellProof } from '../../src/activities/tell-proof.ts'
import { type BackupRequestInput, parseBackupRequest, stepsOf } from '../../src/domain/backup-request.ts'
import { backupIdSchema } from '../../src/domain/names.ts'
import type { DumpAnswer, UploadAnswer } from '../../src/domain/step-answers.ts'
import type { Activities } from '../../src/domain/step-inputs.ts'
import type { StepName } from '../../src/domain/steps.ts'
import { stubDoctor } from './stub-doctor.ts'

/** The backup that is always found. */
export const FOUND_BACKUP = backupIdSchema().parse('20260131T235959Z-1a2b3c4d')

/** Activities that do nothing but answer, and note in which order they were called. */
export interface StubActivities {
  readonly activities: Activities
  readonly calls: string[]
}

const DUMP: DumpAnswer = {
  tables: 1,
  rows: 2,
  bytes: 30,
  files: 3,
  lockedMilliseconds: 5,
  withoutSnapshots: { tables: 0, lockedMilliseconds: 0 },
}
const UPLOAD: UploadAnswer = { prefix: 'backup1/x/', objects: 3, bytes: 30, transferredBytes: 30 }

/** @param before runs when a step is called: it may throw, or wait */
export function stubActivities(before: (name: string) => Promise<void> = async () => undefined): StubActivities {
  const calls: string[] = []
  async function called(name: string): Promise<void> {
    calls.push(name)
    await before(name)
  }
  function step<Answer>(name: StepName, answer: Answer) {
    return async () => {
      await called(name)
      return { jobName: `hf-${name}`, attempts: 1, answer }
    }
  }
  function undo(name: string) {
    return async () => await called(name)
  }
  const tables = [{ name: 'sbtest1', sourceRows: 2, restoredRows: 2, checksumEqual: true }]
  const activities: Activities = {
    provision: step('provision', { changed: true, added: 7, updated: 0, destroyed: 0, outputs: { bucket: 'test-1' } }),
    deployMysql: step('deployMysql', { serverVersion: '8.0.42' }),
    loadSampleData: step('loadSampleData', { schema: 'sbtest', tables: 1, rows: 2, loaded: true }),
    dump: step('dump', DUMP),
    upload: step('upload', UPLOAD),
    dumpAndUpload: step('dumpAndUpload', { dump: DUMP, upload: UPLOAD }),
    copy: step('copy', {
      prefix: 'backup2/x/',
      record: 'catalog/x/backup.json',
      objects: 3,
      bytes: 30,
      transferredBytes: 0,
      serverSideCopies: 3,
    }),
    restore: step('restore', { schemas: ['sbtest_restored'], tables: 1, bytes: 30 }),
    verify: step('verify', { tableCount: 1, objectCount: 0, differenceCount: 0, differences: [], tables }),
    findBackup: step('findBackup', { backupId: FOUND_BACKUP, schemas: ['shop', 'a b'], bytes: 30 }),
    deployScratch: step('deployScratch', { serverVersion: '8.0.42' }),
    removeScratch: undo('removeScratch'),
    swap: step('swap', { schemas: 2, tables: 1 }),
    swapBack: undo('swapBack'),
    stopJobs: undo('stopJobs'),
    removeMysql: undo('removeMysql'),
    releaseStaging: undo('releaseStaging'),
    deleteUpload: undo('deleteUpload'),
    deleteCopy: undo('deleteCopy'),
    dropRestored: undo('dropRestored'),
    removeResources: async () => {
      await called('removeResources')
      return { removed: ['namespace/s3-test'] }
    },
    pruneBackups: async ({ mode }) => {
      await called('pruneBackups')
      return { jobName: 'hf-prune', attempts: 1, answer: { mode, kept: 3, deleted: 1, backups: ['x'] } }
    },
    ...stubDoctor(called),
    readPendingJobs: createReadPendingJobs(),
    pauseSchedule: createPauseSchedule(),
    tellProof: createTellProof(),
    announce: async () => ({ announced: false }),
    findTargets: async () => [],
    deliver: async () => undefined,
  }
  return { activities, calls }
}

/** What must have been called, in this order, when a step fails: the steps up to it, then their undos, newest first. */
export function callsWhenFailingAt(step: StepName, request: BackupRequestInput = {}): string[] {
  const steps = stepsOf(parseBackupRequest(request))
  const started = steps.slice(0, steps.indexOf(step) + 1)
  const undos = {
    deployMysql: 'removeMysql',
    dump: 'releaseStaging',
    upload: 'deleteUpload',
    dumpAndUpload: 'deleteUpload',
    copy: 'deleteCopy',
    restore: 'dropRestored',
  }
  const taken = started
    .flatMap((name) => (name in undos ? [undos[name as keyof typeof undos]] : []))
    // A backup that was copied is one.
    .filter((undo) => !(started.length > steps.indexOf('copy') + 1 && ['deleteUpload', 'deleteCopy'].includes(undo)))
  return [...started, 'stopJobs', ...taken.toReversed()]
}
