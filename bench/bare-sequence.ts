import { MockActivityEnvironment } from '@temporalio/testing'
import type { LabFile } from '../lab/lab-file.ts'
import { createActivities } from '../src/activities/index.ts'
import { stagingClaimOf } from '../src/activities/staging-claim.ts'
import type { Config } from '../src/config.ts'
import { type BackupRequest, schemaMapping } from '../src/domain/backup-request.ts'
import { backupIdOf } from '../src/domain/names.ts'
import type { StepName } from '../src/domain/steps.ts'
import type { Kubernetes } from '../src/kubernetes/kubernetes-client.ts'
import { BareJobs } from './bare-jobs.ts'

/** Seconds of each step, and of all. */
export interface Measured {
  readonly steps: ReadonlyMap<StepName, number>
  readonly seconds: number
}

/**
 * The same eight steps as a pipeline's, one after the other, without Temporal: each applies what its activity applies, then
 * submits its Job by kubectl and waits for it by kubectl.
 *
 * @param runId of no other run: the names of the Jobs follow from it
 */
export async function bareSequence(
  lab: LabFile,
  config: Config,
  kubernetes: Kubernetes,
  request: BackupRequest,
  runId: string,
): Promise<Measured> {
  const jobs = new BareJobs(lab)
  const notUsed = async () => {
    throw new Error('The bare sequence only runs Jobs.')
  }
  const runner = { run: jobs.run.bind(jobs), deleteJob: notUsed, stopJobs: notUsed, deleteEndedJobsUsing: notUsed }
  const activities = createActivities({ config, kubernetes, runner })
  const workflowExecution = { workflowId: 'bare', runId }

  const steps = new Map<StepName, number>()
  async function measure<Input, Output>(name: StepName, activity: (input: Input) => Promise<Output>, input: Input) {
    const start = performance.now()
    const result: Output = await new MockActivityEnvironment({ workflowExecution }).run(activity, input)
    steps.set(name, (performance.now() - start) / 1000)
    return result
  }

  const { namespace, threads, sampleData, schemas } = request
  if (sampleData.kind === 'none') throw new Error('The sequence loads its data itself.')
  const step = { namespace, maximumTries: 1 }
  const backupId = backupIdOf(new Date(), runId)
  const start = performance.now()
  const storage = await measure('provision', activities.provision, step)
  const backup = { ...step, backupId, bucket: storage.answer.outputs.bucket ?? '' }
  const restoring = { ...backup, schemaMapping: schemaMapping(request), threads }
  await measure('deployMysql', activities.deployMysql, step)
  await measure('loadSampleData', activities.loadSampleData, { ...step, sampleData, threads })
  await measure('dump', activities.dump, { ...step, backupId, schemas, threads })
  await measure('upload', activities.upload, backup)
  await measure('copy', activities.copy, { ...backup, request, steps: [] })
  await measure('restore', activities.restore, restoring)
  await measure('verify', activities.verify, restoring)
  const seconds = (performance.now() - start) / 1000
  await jobs.kubectl(['--namespace', namespace, 'delete', 'jobs', '--selector', `holdfast.dev/run=${runId}`])
  await jobs.kubectl(['--namespace', namespace, 'delete', 'pvc', stagingClaimOf(backupId)])
  return { steps, seconds }
}
