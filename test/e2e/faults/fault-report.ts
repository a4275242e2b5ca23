import Table from 'cli-table3'
import type { Outcome } from './fault-world.ts'

/** One struck pipeline. */
export interface FaultCase {
  readonly name: string
  readonly outcome: Outcome['kind']
  readonly seconds: number
  /** Jobs beyond one a step. */
  readonly retries: number
}

/** The table of struck pipelines, for the end of a run. */
export function faultTable(cases: readonly FaultCase[]): string {
  const table = new Table({ head: ['case', 'outcome', 'seconds', 'retries'], style: { head: [], border: [] } })
  for (const { name, outcome, seconds, retries } of cases) table.push([name, outcome, seconds.toFixed(1), retries])
  return table.toString()
}
