import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import protobuf from 'protobufjs'

/** What is looked at of a request of OTLP's: https://github.com/open-telemetry/opentelemetry-proto, by its field numbers. */
const OTLP = protobuf
  .parse(`
  syntax = "proto3";
  message Export { repeated ResourceSpans resource_spans = 1; }
  message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; }
  message Resource { repeated KeyValue attributes = 1; }
  message ScopeSpans { repeated Span spans = 2; }
  message Span {
    bytes trace_id = 1; bytes span_id = 2; bytes parent_span_id = 4; string name = 5;
    repeated KeyValue attributes = 9; Status status = 15;
  }
  message Status { string message = 2; int32 code = 3; }
  message KeyValue { string key = 1; AnyValue value = 2; }
  message AnyValue { string string_value = 1; }
`)
  .root.lookupType('Export')

/** Of a span's status. */
export const OTLP_ERROR = 2

export interface ReceivedSpan {
  readonly service: string
  readonly traceId: string
  readonly spanId: string
  /** Empty for the first one of a trace. */
  readonly parentSpanId: string
  readonly name: string
  /** Those that are texts. */
  readonly attributes: Readonly<Record<string, string>>
  readonly statusCode: number
}

/** A server that takes spans, as a collector of OpenTelemetry's does. */
export interface OtlpReceiver {
  readonly endpoint: string
  readonly spans: readonly ReceivedSpan[]
  close(): Promise<void>
}

export async function startOtlpReceiver(): Promise<OtlpReceiver> {
  const spans: ReceivedSpan[] = []
  const server = createServer(async (request, response) => {
    if (request.url === '/v1/traces') spans.push(...spansOf(await buffer(request)))
    response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

interface KeyValue {
  readonly key: string
  readonly value?: { readonly stringValue?: string }
}

interface Span {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId: string
  readonly name: string
  readonly attributes: readonly KeyValue[]
  readonly status?: { readonly code: number }
}

interface Export {
  readonly resourceSpans: readonly {
    readonly resource?: { readonly attributes: readonly KeyValue[] }
    readonly scopeSpans: readonly { readonly spans: readonly Span[] }[]
  }[]
}

function spansOf(body: Uint8Array): ReceivedSpan[] {
  const options = { bytes: String, defaults: true, arrays: true }
  const { resourceSpans } = OTLP.toObject(OTLP.decode(body), options) as Export
  return resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const service = textsOf(resource?.attributes ?? [])['service.name'] ?? ''
    return scopeSpans.flatMap(({ spans }) =>
      spans.map(({ traceId, spanId, parentSpanId, name, attributes, status }) => ({
        service,
        traceId,
        spanId,
        parentSpanId,
        name,
        attributes: textsOf(attributes),
        statusCode: status?.code ?? 0,
      })),
    )
  })
}

function textsOf(attributes: readonly KeyValue[]): Record<string, string> {
  const texts = attributes.flatMap(({ key, value }) => (value?.stringValue ? [[key, value.stringValue] as const] : []))
  return Object.fromEntries(texts)
}
