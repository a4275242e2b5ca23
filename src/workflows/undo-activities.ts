import { type ActivityInterfaceFor, proxyActivities } from '@temporalio/workflow'
import type { RestoreActivities, UndoActivities } from '../domain/step-inputs.ts'
import { UNDO_OPTIONS } from './step-policies.ts'

type Undos = UndoActivities & Pick<RestoreActivities, 'swapBack' | 'removeScratch'>

/** What takes back a step, each with what Temporal's UI says of it. */
export const undo: Readonly<ActivityInterfaceFor<Undos>> = {
  stopJobs: summarized('stopJobs', 'Stop the Jobs that still run: nothing is taken back while it is being made'),
  removeMysql: summarized('removeMysql', 'Remove MySQL, if this run has made it'),
  releaseStaging: summarized('releaseStaging', 'Remove the volume on which the dump lay'),
  deleteUpload: summarized('deleteUpload', 'Delete what was uploaded to backup1/'),
  deleteCopy: summarized('deleteCopy', 'Delete what was copied to backup2/'),
  dropRestored: summarized('dropRestored', 'Drop the schemas that were restored'),
  swapBack: summarized('swapBack', 'Exchange the schemas back'),
  removeScratch: summarized('removeScratch', "Remove the drill's own MySQL, with its data"),
}

function summarized<Name extends keyof Undos>(name: Name, summary: string): ActivityInterfaceFor<Undos>[Name] {
  return proxyActivities<Undos>({ ...UNDO_OPTIONS, summary })[name]
}
