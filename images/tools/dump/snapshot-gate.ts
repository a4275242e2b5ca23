import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { type Connection, query, queryOne } from '../mysql/connection.ts'

/**
 * How several processes that this program does not control from within come to have one and the same snapshot.
 *
 * Each dump process runs four statements right after it has connected, one after the other (`--init-command`):
 *
 *   1. REPEATABLE READ, without which a snapshot lasts for one statement only;
 *   2. wait for the gate: a named lock that the keeper's connection holds. It waits without end;
 *   3. START TRANSACTION WITH CONSISTENT SNAPSHOT;
 *   4. take its ready mark: a named lock that is free, because its name is of this run and this process.
 *
 * The keeper's connection holds all gates, and then takes the global read lock. It sees every process still waiting at its
 * gate, so none has its snapshot yet. It opens the gates and asks, by the connection that holds the read lock, who holds
 * each mark, until each is held by the very connection that waited at that gate. Only then does it give the lock up.
 *
 * So each snapshot was opened after the read lock was taken, because its process was seen at the gate under the lock; and
 * before it was given up, because a connection runs one statement after the other and the mark comes after the snapshot. If
 * the keeper's connection breaks, gates and read lock fall together, but then the keeper's next question fails, and the dump
 * with it. No process's state is guessed from what it prints or from how long it has been running.
 */
export class SnapshotGates {
  readonly #keeper: Connection
  readonly #run = randomBytes(8).toString('hex')
  readonly #count: number

  private constructor(keeper: Connection, count: number) {
    this.#keeper = keeper
    this.#count = count
  }

  /** Closes the gates for so many processes. They are the keeper's until {@link open}. */
  static async close(keeper: Connection, count: number): Promise<SnapshotGates> {
    const gates = new SnapshotGates(keeper, count)
    for (const process of gates.#processes()) {
      const { taken } = await queryOne(keeper, takenRow, 'SELECT GET_LOCK(?, 0) AS taken', [gates.#gate(process)])
      if (taken !== 1) throw new Error(`The lock ${gates.#gate(process)} is held by somebody else.`)
    }
    return gates
  }

  /** What a process runs as it connects, in this order. */
  statements(process: number): string[] {
    return [
      'SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ',
      this.#waitStatement(process),
      'START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY',
      `DO GET_LOCK('${this.#mark(process)}', 0)`,
    ]
  }

  /** The connection of each process that waits at its gate, by the process's number. Undefined until all of them do. */
  async waiting(): Promise<number[] | undefined> {
    const statements = this.#processes().map((process) => this.#waitStatement(process))
    if (statements.length === 0) return []
    const sql = 'SELECT id AS id, info AS info FROM information_schema.processlist WHERE info IN (?)'
    const rows = await query(this.#keeper, waitingRow, sql, [statements])
    const connections = statements.flatMap((statement) =>
      rows.filter(({ info }) => info === statement).map(({ id }) => id),
    )
    return rows.length === this.#count && new Set(connections).size === this.#count ? connections : undefined
  }

  /** Lets the processes take their snapshots. */
  async open(): Promise<void> {
    for (const process of this.#processes()) await this.#keeper.query('DO RELEASE_LOCK(?)', [this.#gate(process)])
  }

  /**
   * Whether each process has its snapshot.
   *
   * @param connections of the processes as they waited
   * @throws {Error} if a mark is held by another connection than the one that waited
   */
  async allHaveSnapshots(connections: readonly number[]): Promise<boolean> {
    for (const process of this.#processes()) {
      const sql = 'SELECT IS_USED_LOCK(?) AS holder'
      const { holder } = await queryOne(this.#keeper, holderRow, sql, [this.#mark(process)])
      if (holder === null) return false
      if (holder !== connections[process]) {
        throw new Error(
          `The snapshot of dump ${process} belongs to connection ${holder}, not to ${connections[process]}.`,
        )
      }
    }
    return true
  }

  #processes(): number[] {
    return Array.from({ length: this.#count }, (_, process) => process)
  }

  #gate(process: number): string {
    return `holdfast-${this.#run}-gate-${process}`
  }

  #mark(process: number): string {
    return `holdfast-${this.#run}-mark-${process}`
  }

  #waitStatement(process: number): string {
    return `DO GET_LOCK('${this.#gate(process)}', -1)`
  }
}

const takenRow = z.object({ taken: z.union([z.null(), z.coerce.number()]) })
const waitingRow = z.object({ id: z.coerce.number(), info: z.string() })
const holderRow = z.object({ holder: z.union([z.null(), z.coerce.number()]) })
