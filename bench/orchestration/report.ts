import { cpus } from 'node:os'
import Table from 'cli-table3'
import prettyBytes from 'pretty-bytes'
import { DEFAULT_STEPS } from '../../test/support/default-steps.ts'
import type { BetweenSteps } from './between-steps.ts'
import { distributionOf } from './distribution.ts'
import type { ManyJobs } from './many-jobs.ts'
import { REQUEST_KINDS } from './request-kinds.ts'

const PLAIN = { style: { head: [], border: [] } }

/** From a step's Job complete to the next step's Job created. */
export function gapTable({ gaps }: BetweenSteps): string {
  const head = ['complete → next created, ms', 'count', 'median', 'p90', 'p99', 'max']
  const table = new Table({ ...PLAIN, head })
  const row = (name: string, values: readonly number[]) => {
    const { count, ...parts } = distributionOf(values)
    table.push([
      name,
      String(count),
      ...[parts.median, parts.p90, parts.p99, parts.max].map((value) => value.toFixed(0)),
    ])
  }
  for (const [index, to] of DEFAULT_STEPS.slice(1).entries()) {
    const own = gaps.filter((gap) => gap.to === to)
    row(
      `${DEFAULT_STEPS[index]} → ${to}`,
      own.map(({ milliseconds }) => milliseconds),
    )
  }
  row(
    'all',
    gaps.map(({ milliseconds }) => milliseconds),
  )
  return table.toString()
}

/** What one worker needs, and how that grows with the Jobs that it follows at a time. */
export function growthTable(all: readonly ManyJobs[]): string {
  const table = new Table({
    ...PLAIN,
    head: ['Jobs at a time', ...all.map(({ mostJobsAtOnce }) => String(mostJobsAtOnce))],
  })
  const row = (name: string, cell: (measured: ManyJobs) => string | number) => table.push([name, ...all.map(cell)])
  const perJob = (value: number, { jobs }: ManyJobs) => (value / jobs).toFixed(2)
  row('each ran for, s', ({ podSeconds }) => podSeconds)
  row('no next Job in time', ({ lost }) => lost)
  row('watches of them at a time', ({ requests }) => requests.mostOpenWatches)
  row('requests a Job', (measured) => perJob(measured.requests.aboutJobs, measured))
  for (const kind of REQUEST_KINDS) row(`  ${kind}`, (measured) => perJob(measured.requests.of(kind), measured))
  row('connections for 100 requests', ({ requests }) => ((100 * requests.connections) / requests.requests).toFixed(0))
  row('resident, idle', ({ idle }) => prettyBytes(idle.residentBytes))
  row('resident, most', ({ mostResidentBytes }) => prettyBytes(mostResidentBytes))
  row('processor ms a Job', ({ atEnd, idle, jobs }) =>
    ((1000 * (atEnd.processorSeconds - idle.processorSeconds)) / jobs).toFixed(0),
  )
  const seen = (part: 'median' | 'p90' | 'p99' | 'max') => (measured: ManyJobs) =>
    distributionOf(measured.gaps.map(({ milliseconds }) => milliseconds))[part].toFixed(0)
  for (const part of ['median', 'p90', 'p99', 'max'] as const) row(`complete → next created, ${part} ms`, seen(part))
  return table.toString()
}

export function historyLine({ history }: BetweenSteps): string {
  return `History of a pipeline: ${history.events} events, ${prettyBytes(history.bytes)}`
}

export function machineLine(): string {
  return `${cpus().length} × ${cpus()[0]?.model}`
}
