import {
  ApplicationFailure,
  type LogMetadata,
  type LogLevel as TemporalLevel,
  type Logger as TemporalLogger,
} from '@temporalio/common'
import { destination, type Logger, pino, stdTimeFunctions } from 'pino'
import pretty from 'pino-pretty'
import { z } from 'zod'
import type { LogLevel } from '../config.ts'

const STANDARD_ERROR = 2

/**
 * The worker's log, on standard error: one JSON object a line, or for people where that is a terminal. It is written at once,
 * so that the last line before an exit is not lost.
 */
export function createLogger(level: LogLevel): Logger {
  const stream = process.stderr.isTTY
    ? pretty({ destination: STANDARD_ERROR, sync: true, messageKey: 'message', ignore: 'pid,hostname' })
    : destination({ dest: STANDARD_ERROR, sync: true })
  return pino(
    {
      level,
      base: null,
      messageKey: 'message',
      errorKey: 'error',
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    stream,
  )
}

/** The log as Temporal's SDK wants it: its own lines, and those of activities and workflows, come this way. */
export function forTemporal(logger: Logger): TemporalLogger {
  const log = (level: TemporalLevel, message: string, metadata: LogMetadata = {}): void =>
    logger[pinoLevels[level]](fieldsOf(metadata), message)
  return {
    log,
    trace: (message, metadata) => log('TRACE', message, metadata),
    debug: (message, metadata) => log('DEBUG', message, metadata),
    info: (message, metadata) => log('INFO', message, metadata),
    warn: (message, metadata) => log('WARN', message, metadata),
    error: (message, metadata) => log('ERROR', message, metadata),
  }
}

const pinoLevels = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const

/** What a failed step tells of its Job (src/activities/run-job.ts). */
const failedJobSchema = z.tuple([z.looseObject({ namespace: z.string(), jobName: z.string() })])

/** A run has one name in all lines, a Job too; a task's token is of no use to anyone who reads. */
function fieldsOf({ taskToken: _, workflowRunId, ...metadata }: LogMetadata): LogMetadata {
  const job = failedJobOf(metadata.error)
  return {
    ...(workflowRunId !== undefined && { runId: workflowRunId }),
    ...(job !== undefined && { job }),
    ...metadata,
  }
}

function failedJobOf(error: unknown): string | undefined {
  if (!(error instanceof ApplicationFailure)) return undefined
  const [job] = failedJobSchema.safeParse(error.details).data ?? []
  return job && `${job.namespace}/${job.jobName}`
}
