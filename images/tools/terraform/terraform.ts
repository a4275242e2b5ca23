import { ChildError } from '../job/children.ts'
import type { StepContext } from '../job/run-step.ts'
import { StepError } from '../job/step-error.ts'
import { podState } from '../kubernetes/pod-state.ts'
import { ApplyLog } from './apply-log.ts'
import { lockHolderOf } from './state-lock.ts'

/** Long enough for a lock that is about to be released, too short to matter where its holder is dead. */
const FIRST_LOCK_TIMEOUT = '5s'

/** Terraform in one folder, run by a step. */
export class Terraform {
  readonly #folder: string
  readonly #context: StepContext

  constructor(folder: string, context: StepContext) {
    this.#folder = folder
    this.#context = context
  }

  /**
   * Prepares the folder with providers that lie in another one: nothing is downloaded, and nothing written there.
   *
   * @param stateNamespace where the state is kept
   */
  async init(plugins: string, stateNamespace: string): Promise<void> {
    const backend = `-backend-config=namespace=${stateNamespace}`
    await this.#run(['init', '-input=false', '-no-color', '-lockfile=readonly', `-plugin-dir=${plugins}`, backend])
  }

  /**
   * Applies the configuration. A lock on the state whose holder is dead is taken away from it: a pod that was killed cannot
   * release it any more, and no run would ever get it.
   *
   * @param lockTimeout how long to wait for a holder that is alive, in Terraform's words
   * @throws {StepError} `AccessDenied`, `StateLocked` or `TerraformFailed`
   */
  async apply(lockTimeout: string): Promise<ApplyLog> {
    const first = await this.#tryApply(FIRST_LOCK_TIMEOUT)
    const holder = first.failure && lockHolderOf(first.log.errors)
    if (!holder) return succeeded(first)

    const state = await podState(holder.host)
    this.#context.log(`The state is locked by ${holder.host} (${state}).`)
    if (state === 'ended') await this.#run(['force-unlock', '-force', holder.lockId]).catch(this.#leaveToApply)
    return succeeded(await this.#tryApply(lockTimeout))
  }

  /** Somebody else may have taken the lock away meanwhile, or have it now: the next apply will tell. */
  #leaveToApply = (error: unknown): void => {
    this.#context.log(`The lock was not released: ${error instanceof Error ? error.message : error}`)
  }

  async #tryApply(lockTimeout: string): Promise<Applied> {
    const log = new ApplyLog()
    const onLine = (line: string) => {
      log.read(line)
      this.#context.log(line)
    }
    try {
      await this.#run(['apply', '-json', '-auto-approve', '-input=false', `-lock-timeout=${lockTimeout}`], onLine)
      return { log }
    } catch (error) {
      if (error instanceof ChildError) return { log, failure: error }
      throw error
    }
  }

  async #run(args: readonly string[], onLine = this.#context.log): Promise<void> {
    await this.#context.children.start('terraform', [`-chdir=${this.#folder}`, ...args], { onLine }).ended
  }
}

interface Applied {
  readonly log: ApplyLog
  readonly failure?: ChildError
}

function succeeded({ log, failure }: Applied): ApplyLog {
  if (!failure) return log
  const said = log.errors.join(' | ') || failure.message
  if (lockHolderOf(log.errors)) {
    throw new StepError({
      type: 'StateLocked',
      message: `Terraform's state is locked by another run: ${said}`,
      remedy: 'Wait for that run. If there is none any more: terraform force-unlock with the ID above.',
      retryable: true,
      cause: failure,
    })
  }
  const isDenied = /AccessDenied|UnauthorizedOperation|StatusCode: 403/.test(said)
  throw new StepError({
    type: isDenied ? 'AccessDenied' : 'TerraformFailed',
    message: `terraform apply failed: ${said}`,
    remedy: isDenied
      ? 'The role holdfast-provision must allow it: an administrator applies terraform/bootstrap.'
      : "The pod's log has Terraform's own lines.",
    retryable: !isDenied,
    cause: failure,
  })
}
