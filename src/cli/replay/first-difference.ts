import { DefaultLogger, Runtime, Worker } from '@temporalio/worker'
import { workflowBundle } from '../../worker/workflow-bundle.ts'
import { eventText, type History, kindOf } from './history.ts'

/** Where a history and the code of today part. */
export interface Difference {
  /** In the words of Temporal's SDK. */
  readonly why: string
  /** What the history says of the turn of the workflow in which it happened. */
  readonly events: readonly string[]
}

/**
 * Replays a history. Where it does not replay, ever shorter beginnings of it are tried, each of which ends where the workflow was
 * called once more, until it is known in which of its turns the code does something else.
 *
 * @returns undefined where the code of today does what the history says
 */
export async function firstDifference(history: History): Promise<Difference | undefined> {
  // The SDK and its core would print each failure, with all that is around it.
  const telemetryOptions = { logging: { forward: {}, filter: 'OFF' } }
  Runtime.install({ logger: new DefaultLogger('ERROR', () => undefined), telemetryOptions })
  const bundle = await workflowBundle()
  const why = await replayFailure(bundle, history.events)
  if (why === undefined) return undefined
  const turns = turnsOf(history)
  let [fits, differs] = [0, turns.length - 1]
  while (fits < differs) {
    const middle = Math.floor((fits + differs) / 2)
    const failure = await replayFailure(bundle, history.events.slice(0, turns[middle]?.end))
    if (failure === undefined) fits = middle + 1
    else differs = middle
  }
  const { begin, end } = turns[fits] ?? { begin: 0, end: history.events.length }
  return { why, events: history.events.slice(begin, end).filter(isTold).map(eventText) }
}

/** What a workflow did each time that it was called, and what came in until it was called again. */
interface Turn {
  readonly begin: number
  readonly end: number
}

function turnsOf({ events }: History): Turn[] {
  const ends = events.flatMap((event, index) => (kindOf(event) === 'WorkflowTaskStarted' ? [index + 1] : []))
  if (ends.at(-1) !== events.length) ends.push(events.length)
  return ends.map((end, index) => ({ begin: ends[index - 1] ?? 0, end }))
}

/** Those that are about the workflow itself, rather than about how it was called. */
function isTold(event: History['events'][number]): boolean {
  return !kindOf(event).startsWith('WorkflowTask')
}

/** Why a history does not replay; undefined where it does. */
async function replayFailure(
  bundle: Awaited<ReturnType<typeof workflowBundle>>,
  events: History['events'],
): Promise<string | undefined> {
  try {
    await Worker.runReplayHistory({ workflowBundle: bundle }, { events })
    return undefined
  } catch (error) {
    return error instanceof Error ? withoutFrame(error.message) : String(error)
  }
}

/** The SDK's core tells it as the message of a Rust structure, and the SDK says around it that replay failed. */
function withoutFrame(message: string): string {
  const [, inner] = /message: "((?:[^"\\]|\\.)*)"/.exec(message) ?? []
  return (inner ?? message).replace(/^\[\w+\] Nondeterminism error: /, '')
}
