// Measures the worker with Kubernetes' own API server and Temporal's own server, where only the pods are faked: how fast a step
// follows on the one before it, what one worker needs to follow many Jobs, and how long a pipeline's history is.
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command, InvalidArgumentError } from 'commander'
import { buildKubernetes } from '../lab/go-build.ts'
import { ensurePythonTools } from '../lab/python-tools.ts'
import { Cleanup } from './orchestration/cleanup.ts'
import { startControlPlane } from './orchestration/control-plane.ts'
import { buildKwok, startFakedNode } from './orchestration/kwok.ts'
import { type Measured, measure, type Stage } from './orchestration/measure.ts'
import { Processes } from './orchestration/processes.ts'
import { gapTable, growthTable, historyLine, machineLine } from './orchestration/report.ts'
import { startTemporal } from './orchestration/temporal.ts'

const WAVE = 10

interface Options {
  readonly pipelines: number
  readonly jobs: readonly number[]
  readonly podSeconds: number
}

const program = new Command('orchestration')
  .description('What the worker adds between two steps, and what it needs to follow many Jobs; pods are faked.')
  .option('--pipelines <number>', `pipelines for the time between two steps, ${WAVE} at a time`, wholeNumber, 50)
  .option('--jobs <list>', 'Jobs that one worker follows at a time, as 100,500', wholeNumbers, [100, 500, 2000])
  .option('--pod-seconds <number>', 'for how long each pod runs', wholeNumber, 3)
  .action(run)

async function run(options: Options): Promise<void> {
  const cleanup = new Cleanup()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void cleanup.run().finally(() => process.exit(1)))
  }
  try {
    const stage = await setUp(options.podSeconds, cleanup)
    const log = (line: string) => console.error(line)
    if (options.pipelines > 0) {
      log(`${options.pipelines} pipelines, ${WAVE} at a time`)
      const between = await measure(stage, 'worker-between', {
        count: Math.ceil(options.pipelines / WAVE),
        atOnce: WAVE,
        secondsBetween: options.podSeconds / WAVE,
      })
      console.log(`${gapTable(between)}\n${historyLine(between)}`)
    }
    const growth: Measured[] = []
    for (const jobs of options.jobs) {
      log(`${jobs} Jobs at a time`)
      growth.push(await measure(stage, `worker-${jobs}`, { count: 1, atOnce: jobs, secondsBetween: 0 }))
      console.log(growthTable(growth.slice(-1)))
    }
    if (growth.length > 1) console.log(growthTable(growth))
    console.log(`Each pod ran for ${options.podSeconds} s. ${machineLine()}`)
  } finally {
    await cleanup.run()
  }
}

async function setUp(podSeconds: number, cleanup: Cleanup): Promise<Stage> {
  const log = (line: string) => console.error(line)
  const programs = await buildKubernetes(log, Promise.resolve())
  const kwok = await buildKwok(log)
  const tools = await ensurePythonTools(log)
  const directory = await mkdtemp(join(tmpdir(), `holdfast-bench-${randomUUID().slice(0, 8)}-`))
  cleanup.defer(() => rm(directory, { recursive: true, force: true }))
  const processes = new Processes(directory, cleanup)
  const controlPlane = await startControlPlane(programs, directory, processes)
  const { kubeconfig, kubernetes } = controlPlane
  await startFakedNode({ program: kwok, kubeconfig, directory, podSeconds }, kubernetes, processes)
  const temporal = await startTemporal(tools.path('temporal'), directory, processes, cleanup)
  return { directory, controlPlane, ...temporal }
}

function wholeNumber(text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError('It has to be a whole number.')
  return value
}

function wholeNumbers(text: string): readonly number[] {
  return text === '' ? [] : text.split(',').map(wholeNumber)
}

await program.parseAsync()
