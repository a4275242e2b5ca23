import { z } from 'zod'
import { ENGINES, type EngineName } from './domain/engines.ts'
import { bucketNameSchema } from './domain/names.ts'

/** The task queue of pipelines, unless the environment says otherwise. */
export const DEFAULT_TASK_QUEUE = 'holdfast'

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error'] as const
const HIGHEST_PORT = 65_535

const text = z.string('is not set').min(1, { error: 'is empty', abort: true })
/** A DNS label, as Kubernetes has the names of namespaces. */
const label = '[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?'
const namespace = text.regex(new RegExp(`^${label}$`), 'is no name of a namespace')
const namespaces = text
  .regex(new RegExp(`^${label}(,${label})*$`), 'is no list of namespaces with commas between them')
  .transform((list) => list.split(','))
const port = text
  .regex(/^\d+$/, { error: 'is no port number', abort: true })
  .transform(Number)
  .pipe(z.number().max(HIGHEST_PORT, `is no port number: the highest is ${HIGHEST_PORT}`))
/** Without a slash at its end: paths are appended. */
const webAddress = text
  .pipe(z.url({ protocol: /^https?$/, error: 'is no address that begins with http:// or https://' }))
  .transform((address) => address.replace(/\/+$/, ''))

const configSchema = z
  .object({
    HOLDFAST_TASK_QUEUE: text.default(DEFAULT_TASK_QUEUE),
    /** Where the provision step's Job runs, and whose settings for AWS the Jobs of all namespaces take. */
    HOLDFAST_CONTROL_NAMESPACE: namespace.default('holdfast'),
    /** Unset: the namespace of requests that name none. */
    HOLDFAST_PIPELINE_NAMESPACES: namespaces.default(['s3-test']),
    HOLDFAST_TOOLS_IMAGE: text,
    HOLDFAST_TERRAFORM_IMAGE: text,
    HOLDFAST_MYSQL_IMAGE: text.default('percona/percona-server:8.0'),
    /** Unset: nothing is dumped by MySQL Shell, and nothing is restored that was. */
    HOLDFAST_MYSQLSH_IMAGE: text.optional(),
    /** Unset: MySQL Shell where it is to be had. */
    HOLDFAST_ENGINE: z.enum(ENGINES, `is none of ${ENGINES.join(', ')}`).optional(),
    HOLDFAST_LOG_LEVEL: z.enum(LOG_LEVELS, `is none of ${LOG_LEVELS.join(', ')}`).default('info'),
    HOLDFAST_HEALTH_PORT: port.optional(),
    HOLDFAST_METRICS_PORT: port.pipe(z.number().positive('is no port number: the lowest is 1')).optional(),
    /** OpenTelemetry's own, which its exporter reads for itself. */
    OTEL_EXPORTER_OTLP_ENDPOINT: z.string().optional(),
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: z.string().optional(),
    /** Unset: nobody is notified. */
    HOLDFAST_NOTIFY_FILE: text.optional(),
    /** Unset: notifications have no links. */
    HOLDFAST_UI_URL: webAddress.optional(),
    HOLDFAST_REPORT_BUCKET: bucketNameSchema().optional(),
  })
  .refine(({ HOLDFAST_ENGINE: engine, HOLDFAST_MYSQLSH_IMAGE: image }) => engine !== 'mysqlsh' || image !== undefined, {
    path: ['HOLDFAST_MYSQLSH_IMAGE'],
    message: 'is not set, and the engine is to be mysqlsh',
  })
  .refine(
    ({ HOLDFAST_REPORT_BUCKET: bucket, HOLDFAST_HEALTH_PORT: port }) => bucket === undefined || port !== undefined,
    {
      path: ['HOLDFAST_HEALTH_PORT'],
      message: 'is not set, and the report of HOLDFAST_REPORT_BUCKET is served there',
    },
  )

/** What the activities know of the worker's settings. */
export interface Config {
  readonly taskQueue: string
  readonly controlNamespace: string
  readonly images: {
    readonly tools: string
    readonly terraform: string
    readonly mysql: string
    /** The tools with MySQL Shell; undefined where the worker has none. */
    readonly mysqlsh?: string
  }
  /** What dumps where a request does not say. */
  readonly engine: EngineName
  /** Who is notified of what; undefined: nobody is. */
  readonly notifyFile?: string
  /** Temporal's web UI, to which notifications link. */
  readonly uiUrl?: string
}

export type LogLevel = (typeof LOG_LEVELS)[number]

/** The worker's settings. Temporal's own (`TEMPORAL_ADDRESS`, ...) are read by its SDK, `KUBECONFIG` by Kubernetes' client. */
export interface WorkerConfig extends Config {
  /** Where pipelines will run, as far as that is known: the worker must have its permissions there before it starts. */
  readonly pipelineNamespaces: readonly string[]
  readonly logLevel: LogLevel
  /** Where health and readiness are told over HTTP; undefined: nowhere. 0: at any port that is free. */
  readonly healthPort: number | undefined
  /** Where Prometheus reads the metrics; undefined: nowhere. */
  readonly metricsPort: number | undefined
  /** Whether spans of workflows, steps and Jobs are exported by OTLP. */
  readonly tracing: boolean
  /** Whose report is served at that port; undefined: none is. The worker's own pod must then be allowed to read the bucket's catalog. */
  readonly reportBucket: string | undefined
}

/**
 * Reads the worker's settings from the environment, once, at its start.
 *
 * @throws {Error} naming each variable that is missing or wrong, and what is wrong with it, in one line
 */
export function readConfig(environment: NodeJS.ProcessEnv): WorkerConfig {
  const parsed = configSchema.safeParse(environment)
  if (!parsed.success) throw new Error(parsed.error.issues.map(describeIssue).join('; '))
  const variables = parsed.data
  return {
    taskQueue: variables.HOLDFAST_TASK_QUEUE,
    controlNamespace: variables.HOLDFAST_CONTROL_NAMESPACE,
    images: {
      tools: variables.HOLDFAST_TOOLS_IMAGE,
      terraform: variables.HOLDFAST_TERRAFORM_IMAGE,
      mysql: variables.HOLDFAST_MYSQL_IMAGE,
      ...(variables.HOLDFAST_MYSQLSH_IMAGE !== undefined && { mysqlsh: variables.HOLDFAST_MYSQLSH_IMAGE }),
    },
    engine: variables.HOLDFAST_ENGINE ?? (variables.HOLDFAST_MYSQLSH_IMAGE === undefined ? 'mysqldump' : 'mysqlsh'),
    ...(variables.HOLDFAST_NOTIFY_FILE !== undefined && { notifyFile: variables.HOLDFAST_NOTIFY_FILE }),
    ...(variables.HOLDFAST_UI_URL !== undefined && { uiUrl: variables.HOLDFAST_UI_URL }),
    pipelineNamespaces: variables.HOLDFAST_PIPELINE_NAMESPACES,
    logLevel: variables.HOLDFAST_LOG_LEVEL,
    healthPort: variables.HOLDFAST_HEALTH_PORT,
    metricsPort: variables.HOLDFAST_METRICS_PORT,
    tracing: Boolean(variables.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT || variables.OTEL_EXPORTER_OTLP_ENDPOINT),
    reportBucket: variables.HOLDFAST_REPORT_BUCKET,
  }
}

function describeIssue({ path, message }: z.core.$ZodIssue): string {
  return `${String(path[0])} ${message}`
}
