// Measures the worker with Kubernetes' own API server and Temporal's own server, where only the pods are faked: how fast a step
// follows on the one before it, how long a pipeline's history is, and what one worker needs to follow many Jobs.
import { Command } from 'commander'
import { measureBetweenSteps } from './orchestration/between-steps.ts'
import { type ManyJobs, measureManyJobs } from './orchestration/many-jobs.ts'
import { providePrograms } from './orchestration/programs.ts'
import { gapTable, growthTable, historyLine, machineLine } from './orchestration/report.ts'
import { wholeNumberFrom } from './whole-number.ts'

interface Options {
  readonly pipelines: number
  readonly jobs: readonly number[]
  readonly starts: number
}

const program = new Command('orchestration')
  .description(
    'What the worker adds between two steps, and what it needs to follow many Jobs. Only the pods are faked.',
  )
  .option('--pipelines <number>', 'whole pipelines, for the time between two steps', wholeNumberFrom(0), 50)
  .option('--jobs <list>', 'Jobs that one worker follows at a time, as 100,500', wholeNumbers, [100, 500, 2000])
  .option('--starts <number>', 'how many of these Jobs are started in a second', wholeNumberFrom(0), 4)
  .action(run)

async function run({ pipelines, jobs, starts }: Options): Promise<void> {
  const log = (line: string) => console.error(line)
  const programs = await providePrograms(log)
  if (pipelines > 0) {
    log(`${pipelines} pipelines ...`)
    const between = await measureBetweenSteps(programs, pipelines)
    console.log(`${gapTable(between)}\n${historyLine(between)}`)
  }
  const growth: ManyJobs[] = []
  for (const count of jobs) {
    log(`${count} Jobs at a time ...`)
    growth.push(await measureManyJobs(programs, count, starts))
    console.log(growthTable(growth))
  }
  console.log(machineLine())
}

function wholeNumbers(text: string): readonly number[] {
  return text === '' ? [] : text.split(',').map(wholeNumberFrom(0))
}

await program.parseAsync()
// Temporal's clients would try for ever to reach the servers that have been taken down.
process.exit()
