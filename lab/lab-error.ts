/** A failure that its message tells in full: what, where, why and what to do. It is printed without a stack trace. */
export class LabError extends Error {
  override name = 'LabError'
}

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
