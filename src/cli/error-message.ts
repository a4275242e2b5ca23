import { rootMessage } from '../worker/root-message.ts'

/** What is said of an error that ends a command. */
export function errorMessage(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  // Temporal's client says by itself only what it could not do.
  if (error.name === 'ServiceError') return `${error.message}: ${rootMessage(error)}`
  return error.message || rootMessage(error)
}
