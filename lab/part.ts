/** A program of the lab: how it is started, where it answers and how to tell that it works. */
export type Part = {
  name: string
  /** Program and arguments. */
  command: readonly [string, ...string[]]
  /** Beside PATH, HOME, LANG and GOGC, which every part has. */
  environment?: Record<string, string>
  /** Files that the program reads when it starts: if one has changed, a running part is started anew. */
  configuration?: readonly string[]
  /** For `status`. */
  address: string
  /** Ports that must be free before the part starts, as `tcp:ADDRESS:PORT` or `udp:ADDRESS:PORT`. */
  ports: readonly string[]
  /** Resolves if the part does its work, rejects otherwise. */
  probe: () => Promise<void>
  /** How long it may take to get ready, in seconds. */
  readySeconds: number
  /** How long it has to end after SIGTERM before it is killed, in seconds. */
  stopSeconds: number
}
