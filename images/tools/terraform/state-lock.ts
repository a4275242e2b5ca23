/** Who holds the lock on Terraform's state. */
export interface LockHolder {
  /** Of this one lock: to release it takes away no later one. */
  readonly lockId: string
  /** The host that took it: in a cluster, the pod's name. */
  readonly host: string
}

/**
 * Reads who holds the lock from what Terraform says when it does not get it.
 *
 * @returns undefined if the errors are about something else
 */
export function lockHolderOf(errors: readonly string[]): LockHolder | undefined {
  const said = errors.find((error) => /state lock/i.test(error))
  const lockId = /^\s*ID:\s+(\S+)\s*$/m.exec(said ?? '')?.[1]
  const host = /^\s*Who:\s+\S*@(\S+)\s*$/m.exec(said ?? '')?.[1]
  return lockId === undefined || host === undefined ? undefined : { lockId, host }
}
