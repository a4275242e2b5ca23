import { context, DiagLogLevel, diag, propagation, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { envDetectorSync, Resource } from '@opentelemetry/resources'
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base'
import {
  makeWorkflowExporter,
  OpenTelemetryActivityInboundInterceptor,
  OpenTelemetryActivityOutboundInterceptor,
} from '@temporalio/interceptors-opentelemetry/lib/worker/index.js'
import type { WorkerOptions } from '@temporalio/worker'
import type { Logger } from 'pino'
import { rootMessage } from './root-message.ts'
import { within } from './within.ts'

const SERVICE_NAME = 'holdfast-worker'
/** Of the end of a worker, which has 25 s in all. */
const LAST_SPANS_MILLISECONDS = 3000

/** What a worker is made with so that its workflows and activities are traced. */
export interface Tracing {
  readonly workerOptions: Required<Pick<WorkerOptions, 'interceptors' | 'sinks'>>
  /** Sends what has not been sent yet, and ends. Never fails: traces are not worth a worker. */
  stop(): Promise<void>
}

/**
 * Exports spans by OTLP (http/protobuf) to where OpenTelemetry's own environment variables say. Where nobody answers there, spans are
 * dropped, the log says so, and nothing waits. Loaded only where tracing is switched on: prepare-worker.ts.
 */
export function startTracing(logger: Logger): Tracing {
  logTroubles(logger)
  const resource = new Resource({ 'service.name': SERVICE_NAME }).merge(envDetectorSync.detect())
  const processor = new BatchSpanProcessor(new OTLPTraceExporter())
  const provider = new BasicTracerProvider({ resource, spanProcessors: [processor] })
  provider.register({ contextManager: new AsyncLocalStorageContextManager() })
  return {
    workerOptions: {
      interceptors: {
        activity: [
          (context) => ({
            inbound: new OpenTelemetryActivityInboundInterceptor(context),
            outbound: new OpenTelemetryActivityOutboundInterceptor(context),
          }),
        ],
      },
      sinks: { exporter: makeWorkflowExporter(processor, resource) },
    },
    stop: async () => {
      await within(LAST_SPANS_MILLISECONDS, provider.shutdown()).catch((error: unknown) =>
        logger.warn({ why: rootMessage(error) }, 'The last spans were not sent'),
      )
      for (const api of [trace, context, propagation, diag]) api.disable()
    },
  }
}

/** What OpenTelemetry has to say only goes wrong beside the backups. */
function logTroubles(logger: Logger): void {
  const say = (why: string): void => logger.warn({ why }, 'Spans could not be sent')
  const nothing = (): void => undefined
  diag.setLogger({ error: say, warn: nothing, info: nothing, debug: nothing, verbose: nothing }, DiagLogLevel.ERROR)
}
