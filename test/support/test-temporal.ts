import { randomUUID } from 'node:crypto'
import { ApplicationFailure, Context } from '@temporalio/activity'
import { WorkflowFailedError, type WorkflowHandleWithFirstExecutionRunId } from '@temporalio/client'
import { TestWorkflowEnvironment } from '@temporalio/testing'
import { Worker, type WorkerOptions, type WorkflowBundle } from '@temporalio/worker'
import { type PipelineFailureDetails, pipelineFailureDetailsSchema } from '../../src/domain/backup-result.ts'
import { searchAttributeApiTypes } from '../../src/domain/search-attributes.ts'
import type { Tracing } from '../../src/worker/tracing.ts'
import { workflowBundle } from '../../src/worker/workflow-bundle.ts'
import type { BackupPipeline } from '../../src/workflows/index.ts'
import { quietRuntime } from './quiet-runtime.ts'
import type { StubActivities } from './stub-activities.ts'

export const SETUP_MILLISECONDS = 300_000
const HEARTBEAT_MILLISECONDS = 50

export type PipelineHandle = WorkflowHandleWithFirstExecutionRunId<typeof BackupPipeline>

/** A server of Temporal's for tests, and workers on it that have the workflows of today. */
export class TestTemporal {
  readonly environment: TestWorkflowEnvironment
  readonly #workflowBundle: WorkflowBundle
  readonly #tracing: Tracing | undefined

  private constructor(environment: TestWorkflowEnvironment, workflowBundle: WorkflowBundle, tracing?: Tracing) {
    this.environment = environment
    this.#workflowBundle = workflowBundle
    this.#tracing = tracing
  }

  /** The server that skips time. @param tracing of its workers; by default they trace nothing */
  static async skippingTime(tracing?: Tracing): Promise<TestTemporal> {
    quietRuntime()
    const path = process.env.TEMPORAL_TEST_SERVER ?? 'temporal-test-server'
    return await TestTemporal.#over(
      await TestWorkflowEnvironment.createTimeSkipping({ server: { executable: { type: 'existing-path', path } } }),
      tracing,
    )
  }

  /**
   * The dev server: a whole one, in whose time nothing is skipped.
   *
   * @param options.dbFilename its database, which outlives it; by default it has one of its own that ends with it
   * @param options.uiPort where its web UI is; by default it has none
   */
  static async devServer(
    options: { readonly dbFilename?: string; readonly uiPort?: number } = {},
  ): Promise<TestTemporal> {
    quietRuntime()
    const path = process.env.TEMPORAL_CLI ?? 'temporal'
    const server = { executable: { type: 'existing-path', path }, ...options } as const
    return await TestTemporal.#over(await TestWorkflowEnvironment.createLocal({ server }))
  }

  static async #over(environment: TestWorkflowEnvironment, tracing?: Tracing): Promise<TestTemporal> {
    const searchAttributes = { ...searchAttributeApiTypes() }
    await environment.connection.operatorService.addSearchAttributes({ namespace: 'default', searchAttributes })
    return new TestTemporal(environment, await workflowBundle(tracing ? 'traced' : 'untraced'), tracing)
  }

  async stop(): Promise<void> {
    await this.environment.teardown()
  }

  /** Starts a pipeline on a worker and a task queue of its own, and runs the worker for as long as `during` takes. */
  async run<Result>(
    stub: StubActivities,
    input: unknown,
    during: (handle: PipelineHandle) => Promise<Result>,
  ): Promise<Result> {
    return await this.runWith(stub, async (taskQueue) => during(await this.start(taskQueue, input)))
  }

  /** Runs a worker on a task queue of its own for as long as `during` takes. @param options of the worker that are to be others */
  async runWith<Result>(
    stub: StubActivities,
    during: (taskQueue: string) => Promise<Result>,
    options: Partial<WorkerOptions> = {},
  ): Promise<Result> {
    const taskQueue = `pipeline-${randomUUID()}`
    return await this.runOn(taskQueue, stub, async () => during(taskQueue), options)
  }

  /** The same on a task queue that is known already. */
  async runOn<Result>(
    taskQueue: string,
    stub: StubActivities,
    during: () => Promise<Result>,
    options: Partial<WorkerOptions> = {},
  ): Promise<Result> {
    const worker = await Worker.create({
      connection: this.environment.nativeConnection,
      taskQueue,
      workflowBundle: this.#workflowBundle,
      activities: stub.activities,
      // Workflows run in this thread, as when the SDK replays a history: one of its own would load all of them anew for each test.
      // Stack traces name lines of the bundle then.
      debugMode: true,
      // Cancellation is told in answer to a heartbeat.
      maxHeartbeatThrottleInterval: HEARTBEAT_MILLISECONDS,
      defaultHeartbeatThrottleInterval: HEARTBEAT_MILLISECONDS,
      ...this.#tracing?.workerOptions,
      ...options,
    })
    return await worker.runUntil(during)
  }

  /** Starts a pipeline on a task queue that a worker has, or will have. */
  async start(taskQueue: string, input: unknown): Promise<PipelineHandle> {
    const options = { taskQueue, workflowId: `pipeline-${randomUUID()}`, args: [input] as [unknown] }
    return await this.environment.client.workflow.start<typeof BackupPipeline>('BackupPipeline', options)
  }
}

/** What an activity does that follows a Job: it beats its heart until it is told to stop. */
export async function untilCancelled(): Promise<never> {
  const heart = setInterval(() => Context.current().heartbeat(), HEARTBEAT_MILLISECONDS)
  try {
    return await Context.current().cancelled
  } finally {
    clearInterval(heart)
  }
}

/** The failure of a pipeline that must fail. */
export async function failureOf(run: Promise<unknown>): Promise<WorkflowFailedError> {
  const error = await run.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (error instanceof WorkflowFailedError) return error
  throw new Error(`The pipeline did not fail as a workflow: ${String(error)}`)
}

export function applicationFailure(error: WorkflowFailedError): ApplicationFailure {
  if (error.cause instanceof ApplicationFailure) return error.cause
  throw new Error(`Not an ApplicationFailure: ${String(error.cause)}`)
}

/** What a failed pipeline says of what it took back. */
export function detailsOf(failure: ApplicationFailure): PipelineFailureDetails {
  return pipelineFailureDetailsSchema().parse(failure.details?.[0])
}
