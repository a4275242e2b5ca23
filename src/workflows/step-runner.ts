import { isCancellation, proxyActivities } from '@temporalio/workflow'
import type { StepSettings } from '../domain/backup-request.ts'
import type { JobLimits } from '../domain/job-limits.ts'
import type { Namespace } from '../domain/names.ts'
import { WHY_CHARACTERS } from '../domain/notification.ts'
import type { RestoreActivities, StepActivities, StepInput } from '../domain/step-inputs.ts'
import type { StepName, StepResult } from '../domain/steps.ts'
import { announce } from './announce.ts'
import { rootMessage } from './compensation.ts'
import type { Answer as OperatorsAnswer } from './operator.ts'
import type { PipelineStatus } from './pipeline-status.ts'
import { STEP_POLICIES, stepOptions } from './step-policies.ts'

/** A step that failed for good, and what an operator had to say to it. */
export class DecidedFailure extends Error {
  override readonly name = 'DecidedFailure'
  readonly decision: Exclude<OperatorsAnswer['action'], 'retry'>

  constructor(decision: DecidedFailure['decision'], cause: unknown) {
    super(rootMessage(cause), { cause })
    this.decision = decision
  }
}

/** What the steps of a workflow are run by. */
export interface StepRequest extends StepSettings {
  readonly namespace: Namespace
}

/** The activities that are steps. */
type Steps = StepActivities & Omit<RestoreActivities, 'removeScratch' | 'swapBack'>

/** Runs the steps of a workflow, each by its policy; asks an operator about one that failed, where the request wants that. */
export class StepRunner {
  readonly #request: StepRequest
  readonly #status: PipelineStatus

  constructor(request: StepRequest, status: PipelineStatus) {
    this.#request = request
    this.#status = status
  }

  /**
   * Runs one step to its end.
   *
   * @param call calls the step's activity with the input that all steps have in common, and with its own
   * @throws {DecidedFailure} where an operator was asked; otherwise the activity's failure
   */
  async run<Answer>(
    name: StepName,
    call: (activities: Steps, input: StepInput) => Promise<StepResult<Answer>>,
    summarize: (answer: Answer) => string,
  ): Promise<Answer> {
    const { log, gate } = this.#status
    const override = this.#request.steps[name] ?? {}
    let limits: JobLimits = pickLimits(override)
    for (let round = 0; ; round++) {
      await gate.pass()
      this.#status.enterStep(name)
      const activities = proxyActivities<Steps>(stepOptions(name, override, limits))
      try {
        return await log.note(name, round, () => call(activities, this.#input(name, limits, round)), summarize)
      } catch (error) {
        if (isCancellation(error) || this.#request.onFailure === 'undo') throw error
        limits = { ...limits, ...(await this.#retryLimits(name, error, round)) }
      }
    }
  }

  #input(name: StepName, limits: JobLimits, round: number): StepInput {
    return {
      namespace: this.#request.namespace,
      maximumTries: this.#request.steps[name]?.maximumTries ?? STEP_POLICIES[name].maximumTries,
      ...(Object.keys(limits).length > 0 && { limits }),
      ...(round > 0 && { round }),
    }
  }

  /** Asks what to do. @returns what the next round has more of @throws {DecidedFailure} where there is to be none */
  async #retryLimits(name: StepName, error: unknown, round: number): Promise<JobLimits> {
    const asked = this.#status.operator.ask(name, rootMessage(error), this.#request.decisionHours)
    this.#status.enter('asking', 'asking')
    // Not waited for: an answer may come before anybody was notified.
    void this.#announceQuestion(`${name}-${round}`)
    const answer = await asked
    this.#status.enter('running', 'running')
    if (answer.action !== 'retry') throw new DecidedFailure(answer.action, error)
    return pickLimits(answer)
  }

  async #announceQuestion(occasion: string): Promise<void> {
    const { question } = this.#status.operator
    if (!question) return
    const { step, why, answerBy } = question
    await announce({ event: 'asked', step, why: why.slice(0, WHY_CHARACTERS), answerBy }, occasion)
  }
}

function pickLimits({ memoryLimit, deadlineSeconds }: JobLimits): JobLimits {
  return {
    ...(memoryLimit !== undefined && { memoryLimit }),
    ...(deadlineSeconds !== undefined && { deadlineSeconds }),
  }
}
