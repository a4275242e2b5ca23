import { ApiException } from '@kubernetes/client-node'

const NOT_FOUND = 404
const CONFLICT = 409

export function isNotFound(error: unknown): boolean {
  return error instanceof ApiException && error.code === NOT_FOUND
}

/** Of a create: an object of this name is there already. */
export function isAlreadyExists(error: unknown): boolean {
  return error instanceof ApiException && error.code === CONFLICT
}

/** A request that the API server understood and would not carry out. */
export interface Refusal {
  /** `PermissionDenied`: RBAC says no. `RequestRefused`: admission (quota, Pod Security, a webhook), or an object that is not valid. */
  readonly type: 'PermissionDenied' | 'RequestRefused'
  /** The API server's own sentence: it names the user, the verb and the resource. */
  readonly why: string
  readonly remedy?: string
  /** Whether the same request may be granted later. */
  readonly retryable: boolean
}

/** What the API server refused, where an error is that: network errors, 429 and 5xx are none, they pass. */
export function refusalOf(error: unknown): Refusal | undefined {
  if (!(error instanceof ApiException) || ![400, 403, 405, 422].includes(error.code)) return undefined
  const why = apiErrorMessage(error)
  if (/ cannot \S+ resource /.test(why)) {
    const remedy = 'Give the worker that right: docs/operations.md lists what it needs.'
    return { type: 'PermissionDenied', why, remedy, retryable: false }
  }
  return { type: 'RequestRefused', why, retryable: /being terminated/.test(why) }
}

/** The API server's own sentence about an error, where it sent one. */
export function apiErrorMessage(error: unknown): string {
  if (error instanceof ApiException) return statusMessage(error.body) ?? `HTTP ${error.code}`
  return error instanceof Error ? error.message : String(error)
}

/** The client leaves the body of an error unparsed: a Status object as JSON text, in which `message` is the sentence. */
function statusMessage(body: unknown): string | undefined {
  if (typeof body !== 'string') return undefined
  try {
    const status: unknown = JSON.parse(body)
    if (typeof status === 'object' && status !== null && 'message' in status) return String(status.message)
  } catch {
    // A proxy's plain text.
  }
  return body.slice(0, 500)
}
