import { CHECK_TITLES, CHECKS, type CheckName, type Finding } from './doctor.ts'

/** Something is not as it has to be: its message says what, the remedy what to do about it. */
export class CheckFailed extends Error {
  override readonly name = 'CheckFailed'
  readonly remedy: string

  constructor(message: string, remedy: string, cause?: unknown) {
    super(message, { cause })
    this.remedy = remedy
  }
}

/** There is nothing to be looked at: its message says why. */
export class NothingToCheck extends Error {
  override readonly name = 'NothingToCheck'
}

/** An error in the words of a finding. */
export type Explain = (error: unknown) => Required<Pick<Finding, 'found'>> & Pick<Finding, 'remedy'>

/**
 * What was found, check by check. What rests on something that failed is not looked at: its failure would be the same one once more.
 */
export class Checklist {
  readonly #explain: Explain
  readonly #findings = new Map<CheckName, Finding>()

  /** @param explain what is thrown that is neither {@link CheckFailed} nor {@link NothingToCheck} */
  constructor(explain: Explain) {
    this.#explain = explain
  }

  /** In the order of {@link CHECKS}. */
  get findings(): Finding[] {
    return CHECKS.flatMap((check) => this.#findings.get(check) ?? [])
  }

  isOk(check: CheckName): boolean {
    return this.#findings.get(check)?.state === 'ok'
  }

  /** Writes down what was found, in place of what was found of the same before. */
  note(...findings: readonly Finding[]): void {
    for (const finding of findings) this.#findings.set(finding.check, finding)
  }

  /**
   * Looks at one thing, unless something of `after` is not in order.
   *
   * @param work returns what was found in order
   */
  async look(check: CheckName, after: readonly CheckName[], work: () => Promise<string>): Promise<void> {
    await this.ask([check], after, async () => ({ findings: [{ check, state: 'ok', found: await work() }] }))
  }

  /**
   * Has somebody else look at several things, unless something of `after` is not in order. What the answer says nothing of counts as
   * skipped; if there is no answer, the first one has failed.
   *
   * @returns the answer, if there is one
   */
  async ask<Answer extends { readonly findings: readonly Finding[] }>(
    checks: readonly [CheckName, ...CheckName[]],
    after: readonly CheckName[],
    work: () => Promise<Answer>,
  ): Promise<Answer | undefined> {
    const before = after.find((check) => !this.isOk(check))
    if (before !== undefined) {
      this.note(...checks.map((check) => notLookedAt(check, before)))
      return undefined
    }
    const [first, ...others] = checks
    try {
      const answer = await work()
      const culprit = answer.findings.find(({ state }) => state === 'failed')?.check ?? first
      this.note(...checks.map((check) => notLookedAt(check, culprit)))
      this.note(...answer.findings)
      return answer
    } catch (error) {
      const failed = this.#findingOf(first, error)
      this.note(failed, ...others.map((check) => notLookedAt(check, first)))
      return undefined
    }
  }

  #findingOf(check: CheckName, error: unknown): Finding {
    if (error instanceof NothingToCheck) return { check, state: 'skipped', found: error.message }
    if (error instanceof CheckFailed) return { check, state: 'failed', found: error.message, remedy: error.remedy }
    return { check, state: 'failed', ...this.#explain(error) }
  }
}

function notLookedAt(check: CheckName, because: CheckName): Finding {
  return { check, state: 'skipped', found: `not looked at: it needs "${CHECK_TITLES[because]}"` }
}
