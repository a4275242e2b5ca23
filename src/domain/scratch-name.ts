/**
 * The name of the MySQL that a drill restores into: of its Deployment and its Service, and so its host.
 *
 * @param runId of the drill, a UUID: no other has the same
 */
export function scratchNameOf(runId: string): string {
  return `mysql-scratch-${runId.replaceAll('-', '').slice(0, 16)}`
}
