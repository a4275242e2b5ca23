/** A failure that its message tells in full: what, where, why and what to do. It is printed without a stack trace. */
export class LabError extends Error {
  override name = 'LabError'
}

/** The code of an error of the system, as `ENOENT`. */
export function codeOf(error: unknown): string | undefined {
  const isObject = typeof error === 'object' && error !== null
  return isObject && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
