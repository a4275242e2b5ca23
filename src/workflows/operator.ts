import { ApplicationFailure, condition, setHandler } from '@temporalio/workflow'
import { type Decision, InvalidDecisionError, parseDecision, type Question } from '../domain/decision.ts'
import type { StepName } from '../domain/steps.ts'
import { decideUpdate } from './messages.ts'

/** What became of a question. */
export type Answer = Decision | { readonly action: 'nobodyAnswered' }

/** The person who is asked what to do when a step has failed for good. */
export class Operator {
  #question: Question | undefined
  #decision: Decision | undefined

  constructor() {
    setHandler(
      decideUpdate,
      (input) => {
        this.#decision = parseDecision(input)
        return this.#decision
      },
      { validator: (input) => this.#refuseUnlessExpected(input) },
    )
  }

  /** What is being asked, where something is. */
  get question(): Question | undefined {
    return this.#question
  }

  /** Asks, and waits so many hours for the answer. */
  async ask(step: StepName, why: string, hours: number): Promise<Answer> {
    const milliseconds = hours * 3_600_000
    const askedAt = Date.now()
    this.#decision = undefined
    this.#question = { step, why, askedAt, answerBy: askedAt + milliseconds }
    try {
      const summary = `for an operator's answer: the step ${step} failed`
      const answered = await condition(() => this.#decision !== undefined, milliseconds, { summary })
      return answered && this.#decision ? this.#decision : { action: 'nobodyAnswered' }
    } finally {
      this.#question = undefined
    }
  }

  #refuseUnlessExpected(input: unknown): void {
    if (!this.#question || this.#decision) {
      throw ApplicationFailure.nonRetryable(
        'There is no question to decide: no step waits for an answer.',
        'NoQuestion',
      )
    }
    try {
      parseDecision(input)
    } catch (error) {
      if (error instanceof InvalidDecisionError) throw ApplicationFailure.nonRetryable(error.message, 'InvalidDecision')
      throw error
    }
  }
}
