import { once } from 'es-toolkit/function/once'
import { z } from 'zod'
import { jobLimitsSchema } from './job-limits.ts'
import type { StepName } from './steps.ts'

/**
 * What an operator may answer when a step has failed for good: run it once more, with more of what it lacked; take back what
 * the pipeline made; or stop and leave everything as it is, to be looked at.
 */
export const decisionSchema = once(() =>
  z.discriminatedUnion('action', [
    z.strictObject({ action: z.literal('retry'), ...jobLimitsSchema().unwrap().shape }),
    z.strictObject({ action: z.literal('undo') }),
    z.strictObject({ action: z.literal('keep') }),
  ]),
)
export type Decision = Readonly<z.infer<ReturnType<typeof decisionSchema>>>

/** What a pipeline waits for an answer to. Times are in milliseconds since 1970. */
export interface Question {
  readonly step: StepName
  /** Why the step failed. */
  readonly why: string
  readonly askedAt: number
  /** When nobody has answered by then, the pipeline takes back what it made. */
  readonly answerBy: number
}

/** Says which field of a decision is wrong. */
export class InvalidDecisionError extends Error {
  override readonly name = 'InvalidDecisionError'
}

/** @throws {InvalidDecisionError} */
export function parseDecision(input: unknown): Decision {
  const parsed = decisionSchema().safeParse(input)
  if (parsed.success) return parsed.data
  const actions =
    'one of {"action":"retry"} (with "memoryLimit" or "deadlineSeconds", if wanted), {"action":"undo"}, {"action":"keep"}'
  throw new InvalidDecisionError(`A decision is ${actions}. ${z.prettifyError(parsed.error)}`)
}
