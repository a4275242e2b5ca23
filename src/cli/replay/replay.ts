import { complain, print, printJson } from '../print.ts'
import { type Difference, firstDifference } from './first-difference.ts'
import { workflowTypeOf } from './history.ts'
import { readHistory } from './read-history.ts'

export interface ReplayOptions {
  readonly runId?: string
  readonly output: 'table' | 'json'
}

/** `holdfast replay`: whether the code of today does what a history says. If not, that is exit code 1. */
export async function replay(what: string, { runId, output }: ReplayOptions): Promise<void> {
  const history = await readHistory(what, runId)
  const difference = await firstDifference(history)
  const workflowType = workflowTypeOf(history)
  if (difference) process.exitCode = 1
  if (output === 'json') {
    printJson({ workflowType, events: history.events.length, same: !difference, ...(difference && { difference }) })
  } else if (difference) {
    complain(differenceText(what, difference))
  } else {
    print(`${what}: the code of today does what all ${history.events.length} events of this ${workflowType} say.`)
  }
}

/** For a person. */
export function differenceText(what: string, { why, events }: Difference): string {
  return [
    `${what}: the code of today does something else.`,
    'The history says, where they first differ:',
    ...events.map((event) => `  ${event}`),
    `The code: ${why}`,
    'How workflows are changed: docs/decisions/0006-how-workflows-change.md',
  ].join('\n')
}
