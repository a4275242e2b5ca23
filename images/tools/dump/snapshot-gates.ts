import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { type Connection, query, queryOne } from '../mysql/connection.ts'

/** The two places at which a dump process waits. */
type Gate = 'before' | 'after'

/**
 * How several processes that this program does not control from within come to have one and the same snapshot.
 *
 * Each dump process runs these statements right after it has connected, one after the other (`--init-command`):
 *
 *   1. REPEATABLE READ, without which a snapshot lasts for one statement only;
 *   2. wait at the gate "before", a named lock that the keeper's connection holds. It waits without end;
 *   3. START TRANSACTION WITH CONSISTENT SNAPSHOT;
 *   4. wait at the gate "after", in the same way. Only then does it dump.
 *
 * The keeper's connection holds all gates, and takes the global read lock. Under it, it sees each process waiting at its gate
 * "before": none has its snapshot yet. It opens these gates, and asks, by the connection that holds the read lock, until each of
 * the same connections waits at its gate "after". Only then does it give the lock up, and then open the gates.
 *
 * So each snapshot was opened after the read lock was taken, because its process was seen before it under the lock; and before
 * the lock was given up, because a connection runs one statement after the other. If the keeper's connection breaks, gates and
 * read lock fall together, but then the keeper's next question fails, and the dump with it. Nothing is concluded from what a
 * process prints, from how long it has been running, or from a transaction that may be another one.
 */
export class SnapshotGates {
  readonly #keeper: Connection
  /** The names are of this run, so that no other dump opens these gates. */
  readonly #run = randomBytes(8).toString('hex')
  readonly #processes: readonly number[]

  private constructor(keeper: Connection, processes: number) {
    this.#keeper = keeper
    this.#processes = Array.from({ length: processes }, (_, process) => process)
  }

  /** Closes the gates for so many processes. */
  static async close(keeper: Connection, processes: number): Promise<SnapshotGates> {
    const gates = new SnapshotGates(keeper, processes)
    for (const name of [...gates.#names('before'), ...gates.#names('after')]) {
      const { taken } = await queryOne(keeper, takenRow, 'SELECT GET_LOCK(?, 0) AS taken', [name])
      if (taken !== 1) throw new Error(`The lock ${name} is held by somebody else.`)
    }
    return gates
  }

  /** What a process runs as it connects, in this order. */
  statements(process: number): string[] {
    return [
      'SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ',
      this.waitStatement('before', process),
      'START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY',
      this.waitStatement('after', process),
    ]
  }

  /** What a process runs to wait at a gate. */
  waitStatement(gate: Gate, process: number): string {
    return `DO GET_LOCK('${this.#name(gate, process)}', -1)`
  }

  /** The connections of the processes, in their order, if each of them waits at this gate; otherwise undefined. */
  async connectionsAt(gate: Gate): Promise<number[] | undefined> {
    if (this.#processes.length === 0) return []
    const statements = this.#processes.map((process) => this.waitStatement(gate, process))
    const sql = 'SELECT id AS id, info AS info FROM information_schema.processlist WHERE info IN (?)'
    const rows = await query(this.#keeper, waitingRow, sql, [statements])
    if (rows.length !== statements.length) return undefined
    return statements.flatMap((statement) => rows.filter(({ info }) => info === statement).map(({ id }) => id))
  }

  /** Lets all processes through. */
  async openAll(gate: Gate): Promise<void> {
    for (const process of this.#processes) await this.open(gate, process)
  }

  /** Lets one process through. */
  async open(gate: Gate, process: number): Promise<void> {
    await this.#keeper.query('DO RELEASE_LOCK(?)', [this.#name(gate, process)])
  }

  #names(gate: Gate): string[] {
    return this.#processes.map((process) => this.#name(gate, process))
  }

  #name(gate: Gate, process: number): string {
    return `holdfast-${this.#run}-${gate}-${process}`
  }
}

const takenRow = z.object({ taken: z.union([z.null(), z.coerce.number()]) })
const waitingRow = z.object({ id: z.coerce.number(), info: z.string() })
