import type { NativeConnection, Worker } from '@temporalio/worker'
import { rootMessage } from './root-message.ts'
import { within } from './within.ts'

/** Below the time that Kubernetes' probes are usually given. */
const ANSWER_MILLISECONDS = 900

/** What an endpoint says: whether all is well, and the words for who looks why not. */
export interface Verdict {
  readonly ok: boolean
  readonly worker: string
  readonly temporal?: string
}

/** What can be told of a worker's health while it starts, runs and stops. */
export class Health {
  #running: { readonly worker: Worker; readonly connection: NativeConnection } | undefined

  /** From now on the worker's own state counts; until then it starts. */
  follow(worker: Worker, connection: NativeConnection): void {
    this.#running = { worker, connection }
  }

  /** Live is whoever answers: a process that is stuck does not get to say so. One whose worker has failed is of no more use. */
  live(): Verdict {
    const worker = this.#running?.worker.getState() ?? 'STARTING'
    return { ok: worker !== 'FAILED', worker }
  }

  /** Ready is who polls for tasks and has a connection by which they can come. */
  async ready(): Promise<Verdict> {
    if (!this.#running) return { ok: false, worker: 'STARTING' }
    const worker = this.#running.worker.getState()
    const temporal = await answerOf(this.#running.connection)
    return { ok: worker === 'RUNNING' && temporal === 'answers', worker, temporal }
  }
}

async function answerOf(connection: NativeConnection): Promise<string> {
  const ask = () => connection.workflowService.getSystemInfo({})
  try {
    await within(ANSWER_MILLISECONDS, connection.withDeadline(Date.now() + ANSWER_MILLISECONDS, ask))
    return 'answers'
  } catch (error) {
    return rootMessage(error)
  }
}
