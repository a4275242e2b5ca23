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

/**
 * Whether the API server answered and the answer will be the same next time: forbidden by RBAC, refused by admission (Pod
 * Security, quota), not valid. Network errors, 429 and 5xx pass.
 */
export function isRefusal(error: unknown): error is ApiException<unknown> {
  return error instanceof ApiException && [400, 403, 404, 405, 422].includes(error.code)
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
