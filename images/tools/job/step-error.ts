import { ChildError } from './children.ts'

/** What a {@link StepError} says. */
export interface StepErrorDetails {
  /** A word for programs: `AccessDenied`, `SchemaNotOwned`, ... */
  readonly type: string
  /** What failed, where and why, for a person. May be cut in its middle to fit. */
  readonly message: string
  /** What to do about it. Is never cut. */
  readonly remedy: string
  /** Whether the same Job, submitted again, may succeed. */
  readonly retryable: boolean
  readonly cause?: unknown
}

/** A failure of a step that somebody has thought about: why it happened, what to do, and whether trying again may help. */
export class StepError extends Error {
  override readonly name = 'StepError'
  readonly type: string
  readonly remedy: string
  readonly retryable: boolean

  constructor({ type, message, remedy, retryable, cause }: StepErrorDetails) {
    super(message, { cause })
    this.type = type
    this.remedy = remedy
    this.retryable = retryable
  }
}

/**
 * Any error as a step's failure. One that nobody thought of is taken for a passing one: the tries of a step are bounded, and
 * a step that gives up for good on a hiccup is worse than one that tries in vain.
 */
export function toStepError(error: unknown): StepError {
  if (error instanceof StepError) return error
  if (isOutOfSpace(error)) return outOfSpace(error)
  if (isConnectionLost(error)) return connectionLost(error)
  return new StepError({
    type: 'Unexpected',
    message: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
    remedy: "This is not a failure that the step knows. The pod's log has its lines before it.",
    retryable: true,
    cause: error,
  })
}

/** Whether an error is one of Node's or MySQL's with this `code`. */
export function hasCode(error: unknown, ...codes: string[]): boolean {
  if (typeof error !== 'object' || error === null || !('code' in error)) return false
  return typeof error.code === 'string' && codes.includes(error.code)
}

/** As Node says it, or a program that writes to the volume: MySQL's clients quote their server, whose disk is another one. */
function isOutOfSpace(error: unknown): boolean {
  if (hasCode(error, 'ENOSPC')) return true
  return error instanceof ChildError && /^(zstd|age) .*no space left on device/is.test(error.message)
}

function outOfSpace(error: unknown): StepError {
  return new StepError({
    type: 'VolumeFull',
    message: `The volume is full: ${error instanceof Error ? error.message : String(error)}.`,
    remedy: "Give the step's volume more space.",
    retryable: false,
    cause: error,
  })
}

/** mysql2 has no code for a question on a connection that has broken before. Other programs' broken connections have other words. */
function isConnectionLost(error: unknown): boolean {
  if (hasCode(error, 'PROTOCOL_CONNECTION_LOST', 'ER_SERVER_SHUTDOWN')) return true
  return error instanceof Error && error.message.includes('connection is in closed state')
}

function connectionLost(cause: unknown): StepError {
  return new StepError({
    type: 'ConnectionLost',
    message: `The connection to MySQL broke: ${cause instanceof Error ? cause.message : cause}.`,
    remedy: 'See whether its pod was restarted, and why: kubectl get pods, kubectl describe pod (out of memory?).',
    retryable: true,
    cause,
  })
}
