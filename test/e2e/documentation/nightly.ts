import { type Client, WorkflowNotFoundError } from '@temporalio/client'
import type { BackupRequestInput } from '../../../src/domain/backup-request.ts'
import type { BackupResult } from '../../../src/domain/backup-result.ts'
import { KEYS } from '../../../src/temporal/search-attribute-keys.ts'
import type { Situation } from '../../docs/support/block-marks.ts'
import { eventually } from '../../worker/support/eventually.ts'

const WORKFLOW_ID = 'nightly'
const TASK_QUEUE = 'holdfast'
const FOLLOWED = ['BackupPipeline', 'RestoreBackup', 'DrillBackup', 'PruneBackups']

/** The pipeline that the documentation calls `nightly`, and whatever else was started by what it shows. */
export class Nightly {
  readonly #client: Client

  constructor(client: Client) {
    this.#client = client
  }

  /** Runs it to its end. */
  async run(request: BackupRequestInput): Promise<BackupResult> {
    await this.#start(request)
    return await this.#handle.result()
  }

  /** Has it do what a line needs, where it does not yet. */
  async bring(situation: Situation): Promise<void> {
    if (situation === 'runs') {
      if (!(await this.#isRunning())) await this.#start({ sampleData: { kind: 'none' }, schemas: ['shop'] })
      return
    }
    await eventually(async () => {
      // One that was told to undo or to keep what it made may not have ended yet. There is no such schema, and nothing that is tried
      // again makes one.
      if (!(await this.#isRunning()))
        await this.#start({ sampleData: { kind: 'none' }, schemas: ['not_there'], onFailure: 'ask' })
      const { typedSearchAttributes } = await this.#handle.describe()
      const outcome = typedSearchAttributes.get(KEYS.outcome)
      if (outcome !== 'asking') throw new Error(`nightly is to ask, and is ${outcome}.`)
    })
  }

  /** Ends it, however it stands. */
  async end(): Promise<void> {
    if (!(await this.#isRunning())) return
    await this.#handle.cancel()
    await this.#handle.result().catch(() => undefined)
  }

  /** Waits for all that runs. @returns what failed of it */
  async settle(): Promise<string[]> {
    const failed: string[] = []
    const types = FOLLOWED.map((type) => `'${type}'`).join(', ')
    const query = `ExecutionStatus = 'Running' AND WorkflowType IN (${types})`
    for await (const { workflowId, runId } of this.#client.workflow.list({ query })) {
      const result = this.#client.workflow.getHandle(workflowId, runId).result()
      await result.catch((error: unknown) => failed.push(`${workflowId}: ${causesOf(error)}`))
    }
    return failed
  }

  async #start(request: BackupRequestInput): Promise<void> {
    await this.#client.workflow.start('BackupPipeline', {
      taskQueue: TASK_QUEUE,
      workflowId: WORKFLOW_ID,
      args: [request],
    })
  }

  async #isRunning(): Promise<boolean> {
    try {
      return (await this.#handle.describe()).status.name === 'RUNNING'
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return false
      throw error
    }
  }

  get #handle() {
    return this.#client.workflow.getHandle(WORKFLOW_ID)
  }
}

function causesOf(error: unknown): string {
  return error instanceof Error
    ? `${error.message} ${error.cause === undefined ? '' : causesOf(error.cause)}`
    : `${error}`
}
