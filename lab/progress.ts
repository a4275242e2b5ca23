import { messageOf } from './lab-error.ts'

/** What happens to a step of the set-up. `line` is something that it says on the way. */
export type LabEvent =
  | { step: string; state: 'waiting' | 'running' | 'skipped' }
  | { step: string; state: 'line'; line: string }
  | { step: string; state: 'done'; seconds: number }
  | { step: string; state: 'failed'; seconds: number; message: string }

export type LabProgress = (event: LabEvent) => void

/** What a step resolves to, in the order of the steps that it waits for. */
type Values<Needs extends readonly Promise<unknown>[]> = { [Index in keyof Needs]: Awaited<Needs[Index]> }

/** Declares a step: it runs once all that it needs is there, at the same time as others. */
export type DeclareStep = <const Needs extends readonly Promise<unknown>[], Result>(
  title: string,
  needs: Needs,
  work: (values: Values<Needs>, log: (line: string) => void) => Promise<Result>,
) => Promise<Result>

/** Steps that run as soon as they can, and tell what becomes of them. */
export type Steps = {
  step: DeclareStep
  /** Resolves when all steps have ended. @throws the failure of the first that failed by itself */
  finished: () => Promise<void>
}

/** Thrown to a step whose need failed: the need's own failure is the one to report. */
class NeedFailed extends Error {}

/** Makes the steps of one set-up. Each step is declared at once, so that all are known before the first has ended. */
export function createSteps(onEvent: LabProgress): Steps {
  const all: Promise<unknown>[] = []
  const failures: unknown[] = []

  async function execute<const Needs extends readonly Promise<unknown>[], Result>(
    title: string,
    needs: Needs,
    work: (values: Values<Needs>, log: (line: string) => void) => Promise<Result>,
  ): Promise<Result> {
    onEvent({ step: title, state: 'waiting' })
    const values = await Promise.all(needs).catch(() => {
      onEvent({ step: title, state: 'skipped' })
      throw new NeedFailed(title)
    })
    const start = performance.now()
    const seconds = () => (performance.now() - start) / 1000
    onEvent({ step: title, state: 'running' })
    try {
      const result = await work(values, (line) => onEvent({ step: title, state: 'line', line }))
      onEvent({ step: title, state: 'done', seconds: seconds() })
      return result
    } catch (error) {
      onEvent({ step: title, state: 'failed', seconds: seconds(), message: messageOf(error) })
      failures.push(error)
      throw error
    }
  }

  return {
    step: (title, needs, work) => {
      const result = execute(title, needs, work)
      all.push(result)
      // Whoever needs the result sees the failure; `finished` reports it even if nobody does.
      result.catch(() => {})
      return result
    },
    finished: async () => {
      await Promise.allSettled(all)
      if (failures.length > 0) throw failures[0]
    },
  }
}
