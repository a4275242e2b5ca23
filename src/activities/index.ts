import type { Activities } from '../domain/step-inputs.ts'
import { createCopy } from './copy.ts'
import type { Dependencies } from './dependencies.ts'
import { createDeployMysql } from './deploy-mysql.ts'
import { createDoctorActivities } from './doctor.ts'
import { createDump } from './dump.ts'
import { createDumpAndUpload } from './dump-and-upload.ts'
import { explainRefusals } from './explain-refusals.ts'
import { createFindBackup } from './find-backup.ts'
import { createLoadSampleData } from './load-sample-data.ts'
import { createNotifyActivities } from './notify.ts'
import { createPauseSchedule } from './pause-schedule.ts'
import { createProvision } from './provision.ts'
import { createPruneBackups } from './prune-backups.ts'
import { createReadPendingJobs } from './read-pending-jobs.ts'
import { createRemoveResources } from './remove-resources.ts'
import { createRestore } from './restore.ts'
import { createScratchMysql } from './scratch-mysql.ts'
import { createSwap } from './swap.ts'
import { createTellProof } from './tell-proof.ts'
import { createUndoActivities } from './undo.ts'
import { createUpload } from './upload.ts'
import { createVerify } from './verify.ts'

/** All activities, over what they work with. */
export function createActivities(dependencies: Dependencies): Activities {
  return explainRefusals({
    provision: createProvision(dependencies),
    deployMysql: createDeployMysql(dependencies),
    loadSampleData: createLoadSampleData(dependencies),
    dump: createDump(dependencies),
    upload: createUpload(dependencies),
    dumpAndUpload: createDumpAndUpload(dependencies),
    copy: createCopy(dependencies),
    restore: createRestore(dependencies),
    verify: createVerify(dependencies),
    findBackup: createFindBackup(dependencies),
    ...createScratchMysql(dependencies),
    ...createSwap(dependencies),
    ...createUndoActivities(dependencies),
    removeResources: createRemoveResources(dependencies),
    pruneBackups: createPruneBackups(dependencies),
    ...createDoctorActivities(dependencies),
    readPendingJobs: createReadPendingJobs(),
    pauseSchedule: createPauseSchedule(),
    tellProof: createTellProof(),
    ...createNotifyActivities(dependencies),
  })
}
