import { ApplicationFailure } from '@temporalio/common'
import type { Answer } from './post.ts'
import { retryAfter } from './retry-after.ts'

/** Answers that say that the same request may be taken later: some redirects, some refusals. All of 500 and above do, too. */
const FOR_NOW: readonly number[] = [302, 303, 307, 408, 425, 429]

/** What is said of an error beside its code. The error's own words may have the URL in them, or what the server sent. */
const CODES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nobody listens there',
  ENOTFOUND: 'nobody has that name',
  EAI_AGAIN: 'its name could not be looked up',
  EHOSTUNREACH: 'no way leads there',
  ENETUNREACH: 'no way leads there',
  ECONNRESET: 'it cut the connection',
  EPIPE: 'it cut the connection',
  UND_ERR_SOCKET: 'it cut the connection',
  UND_ERR_CONNECT_TIMEOUT: 'it took no connection in time',
  UND_ERR_HEADERS_OVERFLOW: 'its answer has no end',
  CERT_HAS_EXPIRED: 'its certificate is too old',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is not trusted: NODE_EXTRA_CA_CERTS names more authorities',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is not trusted: NODE_EXTRA_CA_CERTS names more authorities',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is not trusted: NODE_EXTRA_CA_CERTS names more authorities',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is not trusted: NODE_EXTRA_CA_CERTS names more authorities',
}

/** Why a target has not taken a notification, by its answer; undefined where it has. */
export function refusalBy(
  target: string,
  { status, retryAfter: header, word }: Answer,
): ApplicationFailure | undefined {
  if (status >= 200 && status < 300) return undefined
  const isForNow = status >= 500 || FOR_NOW.includes(status)
  const redirect = status >= 300 && status < 400 ? ': redirects are not followed. Name the address itself' : ''
  const said = word === undefined ? redirect : `: ${word}`
  const delay = isForNow ? retryAfter(header, Date.now()) : undefined
  return ApplicationFailure.create({
    message: `${target} answered with HTTP ${status}${said}.`,
    type: isForNow ? 'NotTakenYet' : 'NotTaken',
    nonRetryable: !isForNow,
    ...(delay !== undefined && { nextRetryDelay: delay }),
  })
}

/** The same where it gave no answer. */
export function silenceOf(target: string, error: unknown, timeoutSeconds: number): ApplicationFailure {
  const isLate = error instanceof DOMException && error.name === 'TimeoutError'
  const why = isLate ? `there was no answer within ${timeoutSeconds} s` : whyOf(error)
  // Without its cause: that is told with the failure, in words of its own.
  return ApplicationFailure.retryable(`${target} could not be told: ${why}.`, 'NotReached')
}

function whyOf(error: unknown): string {
  const code = codeOf(error)
  if (code === undefined) return 'the request failed'
  const words = CODES[code]
  return words === undefined ? code : `${words} (${code})`
}

/** Of the innermost cause that has one: fetch wraps what it was told. */
function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  return ('cause' in error ? codeOf(error.cause) : undefined) ?? code
}
