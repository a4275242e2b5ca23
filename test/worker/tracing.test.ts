import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals'
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js'
import { execa } from 'execa'
import { type Logger, pino } from 'pino'
import { runJob } from '../../src/activities/run-job.ts'
import { dumpAnswerSchema } from '../../src/domain/step-answers.ts'
import { startTracing, type Tracing } from '../../src/worker/tracing.ts'
import { DEFAULT_STEPS } from '../support/default-steps.ts'
import { freePorts } from '../support/free-ports.ts'
import { OTLP_ERROR, type OtlpReceiver, type ReceivedSpan, startOtlpReceiver } from '../support/otlp-receiver.ts'
import { type StubActivities, stubActivities } from '../support/stub-activities.ts'
import { failingOnceJobs, jobNameOf } from '../support/stub-jobs.ts'
import { SETUP_MILLISECONDS, TestTemporal } from '../support/test-temporal.ts'

jest.setTimeout(60_000)

const silent = pino({ enabled: false })

let receiver: OtlpReceiver

beforeAll(async () => {
  receiver = await startOtlpReceiver()
})
afterAll(async () => await receiver.close())

/** Runs `during` with workers that trace to this endpoint. */
async function traced(
  endpoint: string,
  during: (temporal: TestTemporal, tracing: Tracing) => Promise<void>,
  logger: Logger = silent,
): Promise<void> {
  process.env.OTEL_EXPORTER_OTLP_ENDPOINT = endpoint
  const tracing = startTracing(logger)
  const temporal = await TestTemporal.skippingTime(tracing)
  try {
    await during(temporal, tracing)
  } finally {
    await temporal.stop()
    await tracing.stop()
    delete process.env.OTEL_EXPORTER_OTLP_ENDPOINT
  }
}

/** Activities that only answer, but for the dump, which follows a Job whose first try comes to nothing. */
function withJobOfDump(): StubActivities {
  const stub = stubActivities()
  const withoutSnapshots = { tables: 0, lockedMilliseconds: 0 }
  const jobs = failingOnceJobs({ tables: 1, rows: 2, bytes: 30, files: 3, lockedMilliseconds: 5, withoutSnapshots })
  const settings = { namespace: 's3-test', image: 'tools', env: {} }
  const dump: StubActivities['activities']['dump'] = async (input) =>
    await runJob(jobs, input, { purpose: 'dump', manifest: 'dump', settings, answer: dumpAnswerSchema() })
  return { ...stub, activities: { ...stub.activities, dump } }
}

test(
  'a pipeline is one trace: itself, each step by its ids, and below it each Job; its history replays where nothing is traced',
  async () => {
    const scratch = await mkdtemp(join(tmpdir(), 'holdfast-traced-'))
    let known = { workflowId: '', runId: '' }
    await traced(receiver.endpoint, async (temporal, tracing) => {
      await temporal.run(withJobOfDump(), {}, async (handle) => {
        await handle.result()
        known = { workflowId: handle.workflowId, runId: handle.firstExecutionRunId }
        const history = historyToJSON(await handle.fetchHistory())
        await writeFile(join(scratch, 'traced.json'), history)
      })
      await tracing.stop()
    })

    const pipeline = only(receiver.spans.filter(({ name }) => name === 'RunWorkflow:BackupPipeline'))
    expect(pipeline).toMatchObject({ service: 'holdfast-worker', attributes: known })
    const spans = receiver.spans.filter(({ traceId }) => traceId === pipeline.traceId)
    for (const step of DEFAULT_STEPS) {
      const tries = spans.filter(({ name }) => name === `RunActivity:${step}`)
      expect(tries).toHaveLength(step === 'dump' ? 2 : 1)
      for (const { attributes, parentSpanId } of tries) {
        expect(attributes).toMatchObject({
          temporalWorkflowId: known.workflowId,
          run_id: known.runId,
          temporalActivityId: expect.any(String),
        })
        expect(spans.find(({ spanId }) => spanId === parentSpanId)?.name).toBe(`StartActivity:${step}`)
      }
    }
    const [failed, complete, ...others] = spans.filter(({ name }) => name === 'Job:dump')
    expect(others).toEqual([])
    expect(failed).toMatchObject({
      statusCode: OTLP_ERROR,
      attributes: { ...jobOf(1), 'error.type': 'DeadlineExceeded' },
    })
    expect(complete).toMatchObject({ attributes: jobOf(2) })
    expect(complete?.statusCode).not.toBe(OTLP_ERROR)
    expect(spans.find(({ spanId }) => spanId === complete?.parentSpanId)?.name).toBe('RunActivity:dump')

    const replay = ['test/replay/replay-histories.ts', 'untraced', join(scratch, 'traced.json')]
    const { exitCode, all } = await execa(process.execPath, replay, { reject: false, all: true })
    await rm(scratch, { recursive: true })
    expect(exitCode === 0 ? '' : all).toBe('')
  },
  SETUP_MILLISECONDS,
)

test(
  'where nobody takes the spans, a pipeline is proven all the same, the log says so, and the worker ends in time',
  async () => {
    const [port] = await freePorts(1)
    const lines: string[] = []
    const logger = pino({}, { write: (line: string) => void lines.push(line) })
    await traced(
      `http://127.0.0.1:${port}`,
      async (temporal, tracing) => {
        await temporal.run(withJobOfDump(), {}, async (handle) => {
          expect(await handle.result()).toMatchObject({ outcome: 'proven' })
        })
        const started = performance.now()
        await tracing.stop()
        expect(performance.now() - started).toBeLessThan(4000)
      },
      logger,
    )
    expect(lines.join('')).toMatch(/"(Spans could not be sent|The last spans were not sent)"/)
  },
  SETUP_MILLISECONDS,
)

function jobOf(tryNumber: number): Record<string, string> {
  const name = jobNameOf('dump', tryNumber)
  return {
    'k8s.namespace.name': 's3-test',
    'k8s.job.name': name,
    'k8s.job.uid': `uid-${tryNumber}`,
    'k8s.pod.name': `${name}-pod`,
  }
}

function only(spans: readonly ReceivedSpan[]): ReceivedSpan {
  const [span, ...others] = spans
  if (!span || others.length > 0) throw new Error(`not one span but ${spans.length}`)
  return span
}
