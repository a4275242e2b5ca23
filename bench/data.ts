// Measures the steps that move data against the usual pipes, on a database of sysbench's, in one pod of the lab. What is compared are
// ratios: the seconds are the machine's.
import { randomUUID } from 'node:crypto'
import { Client, Connection } from '@temporalio/client'
import { Command } from 'commander'
import { renderProgress } from '../lab/render-progress.ts'
import { labUp } from '../lab/up.ts'
import { workerEnvironment } from '../lab/worker-environment.ts'
import { startWorker } from '../src/cli/worker-process.ts'
import { DEFAULT_TASK_QUEUE } from '../src/config.ts'
import type { BackupResult } from '../src/domain/backup-result.ts'
import { theLab } from '../test/support/lab.ts'
import { ToolsPod } from '../test/support/tools-pod.ts'
import { type MeasureOptions, measureData } from './data/measure-data.ts'
import { Measurements } from './data/measurements.ts'
import { PodCommands } from './data/pod-commands.ts'
import { report } from './data/report.ts'
import { wholeNumberFrom } from './whole-number.ts'

const NAMESPACE = 's3-test'

const program = new Command('data')
  .description('Dump, upload, restore and verify against mysqldump | gzip | rclone and back.')
  .option('--rows <number>', 'rows in each of the four tables: 2500000 make 2 GB', wholeNumberFrom(1), 2_500_000)
  .option(
    '--threads <number>',
    'connections, dumps and loads at a time: by default as many as of a request',
    wholeNumberFrom(1),
    4,
  )
  .option(
    '--rounds <number>',
    'how often it dumps, uploads and takes fingerprints, of which the medians count',
    wholeNumberFrom(1),
    5,
  )
  .action(measure)

async function measure(options: MeasureOptions): Promise<void> {
  const view = renderProgress()
  await labUp({ cluster: 'lab', onProgress: view.onProgress }).finally(view.close)
  const lab = await theLab()
  const bucket = await makeMysqlAndBucket(workerEnvironment(lab), lab.temporal.address)
  // Of all steps it has the most memory.
  const pod = await ToolsPod.start(lab, NAMESPACE, `bench-${randomUUID().slice(0, 8)}`, 'dump-and-upload')
  const measurements = new Measurements()
  try {
    await measureData(new PodCommands(pod, bucket, options.threads), measurements, options)
  } finally {
    await pod.remove()
  }
  report(measurements)
}

/** By a small pipeline. @returns the bucket */
async function makeMysqlAndBucket(environment: Readonly<Record<string, string>>, address: string): Promise<string> {
  const worker = await startWorker(environment)
  const connection = await Connection.connect({ address })
  try {
    const request = { sampleData: { kind: 'sysbench', tables: 1, rowsPerTable: 1 } }
    const options = { taskQueue: DEFAULT_TASK_QUEUE, workflowId: `bench-${randomUUID()}`, args: [request] }
    const { bucket }: BackupResult = await new Client({ connection }).workflow.execute('BackupPipeline', options)
    return bucket
  } finally {
    await worker.stop()
    await connection.close()
  }
}

await program.parseAsync()
