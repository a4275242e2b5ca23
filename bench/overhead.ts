// Measures what the pipeline adds to its Jobs: a pipeline, then the bare sequence of the same Jobs by kubectl, and so on in
// turns, on the same machine in the same minutes. What is compared is the ratio: the seconds are the machine's.
import { randomUUID } from 'node:crypto'
import { cpus } from 'node:os'
import { Client, Connection } from '@temporalio/client'
import Table from 'cli-table3'
import { Command } from 'commander'
import { renderProgress } from '../lab/render-progress.ts'
import { labUp } from '../lab/up.ts'
import { workerEnvironment } from '../lab/worker-environment.ts'
import { startWorker } from '../src/cli/worker-process.ts'
import { DEFAULT_TASK_QUEUE, readConfig } from '../src/config.ts'
import { type BackupRequest, parseBackupRequest } from '../src/domain/backup-request.ts'
import type { BackupResult } from '../src/domain/backup-result.ts'
import { connectKubernetes } from '../src/kubernetes/kubernetes-client.ts'
import { DEFAULT_STEPS } from '../test/support/default-steps.ts'
import { bareSequence, type Measured } from './bare-sequence.ts'
import { median } from './median.ts'
import { wholeNumberFrom } from './whole-number.ts'

const program = new Command('overhead')
  .description('The pipeline against the bare sequence of the same Jobs by kubectl apply and kubectl wait.')
  .option('--rounds <number>', 'how often each is run', wholeNumberFrom(1), 3)
  .option('--rows <number>', 'rows in each of the four tables', wholeNumberFrom(1), 100_000)
  .action(compare)

async function compare({ rounds, rows }: { rounds: number; rows: number }): Promise<void> {
  const request = parseBackupRequest({ sampleData: { kind: 'sysbench', rowsPerTable: rows } })
  const view = renderProgress()
  const lab = await labUp({ cluster: 'lab', onProgress: view.onProgress }).finally(view.close)
  const environment = workerEnvironment(lab)
  // The bare sequence finds the cluster as the worker does.
  process.env.KUBECONFIG = lab.kubernetes.kubeconfig
  const kubernetes = connectKubernetes()
  const worker = await startWorker(environment)
  const connection = await Connection.connect({ address: lab.temporal.address })
  const client = new Client({ connection })
  const pipelines: Measured[] = []
  const bare: Measured[] = []
  try {
    // MySQL, its data and the storage are there afterwards: both sides find the same.
    await measuredPipeline(client, request)
    for (let round = 1; round <= rounds; round++) {
      pipelines.push(await measuredPipeline(client, request))
      bare.push(await bareSequence(lab, readConfig(environment), kubernetes, request, randomUUID()))
      console.error(
        `round ${round}: pipeline ${pipelines.at(-1)?.seconds.toFixed(1)} s, bare ${bare.at(-1)?.seconds.toFixed(1)} s`,
      )
    }
  } finally {
    await worker.stop()
    await connection.close()
  }
  report(pipelines, bare)
}

async function measuredPipeline(client: Client, request: BackupRequest): Promise<Measured> {
  const workflowId = `bench-${randomUUID()}`
  const start = performance.now()
  const options = { taskQueue: DEFAULT_TASK_QUEUE, workflowId, args: [request] }
  const result: BackupResult = await client.workflow.execute('BackupPipeline', options)
  const seconds = (performance.now() - start) / 1000
  return { steps: new Map(result.steps.map((step) => [step.name, step.seconds])), seconds }
}

function report(pipelines: readonly Measured[], bare: readonly Measured[]): void {
  const table = new Table({ head: ['median seconds', 'pipeline', 'bare', 'ratio'], style: { head: [], border: [] } })
  const row = (name: string, secondsOf: (measured: Measured) => number) => {
    const [ours, theirs] = [median(pipelines.map(secondsOf)), median(bare.map(secondsOf))]
    table.push([name, ours.toFixed(2), theirs.toFixed(2), (ours / theirs).toFixed(2)])
  }
  for (const step of DEFAULT_STEPS) row(step, ({ steps }) => steps.get(step) ?? Number.NaN)
  row('all', ({ seconds }) => seconds)
  console.log(table.toString())
  console.log(`${pipelines.length} rounds in turns; ${cpus().length} × ${cpus()[0]?.model}`)
}

await program.parseAsync()
