import { Client, Connection } from '@temporalio/client'
import type { LabFile } from '../../lab/lab-file.ts'
import type { LabProgress } from '../../lab/progress.ts'
import { renderProgress } from '../../lab/render-progress.ts'
import { labUp } from '../../lab/up.ts'
import { DEFAULT_TASK_QUEUE } from '../config.ts'
import { cleanUpNamespace } from './cleanup.ts'
import { type DemoOptions, type DemoOrder, readDemoOrder } from './demo-options.ts'
import { backUp, findRunning } from './demo-pipeline.ts'
import { demoWorker } from './demo-worker.ts'
import { untilInterrupted } from './interruption.ts'
import { mountSql } from './mount-sql.ts'
import { isQuiet } from './print.ts'

const NAMESPACE = 's3-test'
const CLEANUP = { namespace: NAMESPACE, taskQueue: DEFAULT_TASK_QUEUE, workflowId: 'cleanup' }

/** The whole demo. Its arguments are checked before anything is set up. */
export async function demo(options: DemoOptions): Promise<void> {
  const order = await readDemoOrder(options, NAMESPACE)
  const lab = await inView((onProgress) => labUp({ cluster: options.cluster, onProgress }))
  const connection = await Connection.connect({ address: lab.temporal.address })
  try {
    const client = new Client({ connection, namespace: lab.temporal.namespace })
    await inLab(client, lab, options, order)
  } finally {
    await connection.close()
  }
}

/** Shows what goes on, unless nothing is to be shown. */
async function inView<Result>(work: (onProgress: LabProgress) => Promise<Result>): Promise<Result> {
  if (isQuiet()) return await work(() => undefined)
  const view = renderProgress(process.stderr)
  return await work(view.onProgress).finally(() => view.close())
}

async function inLab(client: Client, lab: LabFile, options: DemoOptions, { request, sql }: DemoOrder): Promise<void> {
  // Asked first: a pipeline that runs may have yet to read the file that would be replaced.
  const running = options.cleanup ? undefined : await findRunning(client, options)
  if (sql) await mountSql(lab, NAMESPACE, sql)
  const worker = await inView((onProgress) => demoWorker(lab, options.worker, onProgress))
  try {
    const work = options.cleanup
      ? cleanUpNamespace(client, CLEANUP, options.output)
      : backUp(client, lab.temporal, options, running ?? request)
    await untilInterrupted(Promise.race([work, worker.failed]), howToCancel(lab, options))
  } finally {
    await worker.stop()
  }
}

function howToCancel(lab: LabFile, { cleanup, workflowId }: DemoOptions): string {
  const command = [lab.tools.temporal, 'workflow', 'cancel', '--address', lab.temporal.address]
  const cancel = `${command.join(' ')} --workflow-id '${cleanup ? CLEANUP.workflowId : workflowId}'`
  if (lab.cluster === 'compose') {
    return [
      'Stopped following. The workflow goes on: its worker is a service of docker-compose.yml.',
      `To cancel it, which takes back what it made: ${cancel}`,
      'The next demo follows it further.',
    ].join('\n')
  }
  return [
    'Stopped following, and the worker. The workflow is not cancelled: it goes on when a worker runs again.',
    `To cancel it, which takes back what it made once a worker runs: ${cancel}`,
    'A worker runs with the next demo, which then follows the workflow further, and with `npm run worker`.',
  ].join('\n')
}
