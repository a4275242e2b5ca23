import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import { hasCode, StepError } from '../job/step-error.ts'
import { type Connection, query, queryOne } from '../mysql/connection.ts'
import { SnapshotGates } from './snapshot-gate.ts'

/** How long to wait between two looks at the processes, in milliseconds. Under the lock there are none but this. */
const LOOK_MILLISECONDS = 2

/** Who takes part in a snapshot. */
export interface SnapshotParties {
  /** Holds the global read lock, and nothing afterwards: it is to be closed. */
  readonly keeper: Connection
  /** Connections of this program that get the snapshot as well. */
  readonly readers: readonly Connection[]
  /** How many dump processes there are. */
  readonly dumps: number
  /**
   * Starts them. Each has to run its statements, in their order, right after it has connected.
   *
   * @returns what rejects if one of them fails, and does not resolve before all have ended
   */
  readonly startDumps: (statements: (process: number) => string[]) => Promise<void>
  /** For how many seconds writes may stand still at most. */
  readonly lockSeconds: number
}

/** The one state of the database that the dumps, the readers and these figures are of. */
export interface Snapshot {
  readonly gtidExecuted: string
  readonly binaryLog: { readonly file: string; readonly position: number } | null
  /** For how long writes stood still, from the moment the lock was asked for, in milliseconds. */
  readonly lockedMilliseconds: number
  /** What `startDumps` returned. */
  readonly dumps: Promise<void>
}

/**
 * Opens one snapshot for all parties, and gives the lock up. {@link SnapshotGates} says why it is one and the same.
 *
 * @throws {StepError} `LockNotGranted` or `SnapshotTookTooLong`, both worth a retry
 */
export async function openSnapshot(parties: SnapshotParties): Promise<Snapshot> {
  const { keeper, readers, lockSeconds } = parties
  const gates = await SnapshotGates.close(keeper, parties.dumps)
  const dumps = parties.startDumps((process) => gates.statements(process))
  dumps.catch(() => {})
  // A dump that fails before it has its snapshot must not be waited for. `pending` only ever rejects.
  const failure = dumps.then(() => new Promise<never>(() => {}))
  for (const reader of readers) await reader.query('SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ')
  await orFailure(
    until(async () => (await gates.waiting()) !== undefined, pastDeadline(lockSeconds)),
    failure,
  )

  const askedAt = performance.now()
  await lock(keeper, lockSeconds)
  // Should the server be slow to answer, or this program: without its connection the lock is gone.
  const guard = setTimeout(() => keeper.destroy(), lockSeconds * 1000)
  try {
    const connections = await gates.waiting()
    if (!connections) throw tookTooLong('A dump process did not wait for the lock.')
    await gates.open()
    await Promise.all(readers.map((reader) => reader.query('START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY')))
    const position = await readPosition(keeper)
    await orFailure(
      until(() => gates.allHaveSnapshots(connections), pastDeadline(lockSeconds)),
      failure,
    )
    await keeper.query('UNLOCK TABLES')
    return { ...position, lockedMilliseconds: performance.now() - askedAt, dumps }
  } catch (error) {
    throw isConnectionLost(error) ? tookTooLong(`The lock's connection is gone (${error}).`) : error
  } finally {
    clearTimeout(guard)
  }
}

async function lock(keeper: Connection, lockSeconds: number): Promise<void> {
  // While it waits for statements that run, the lock lets no new write in.
  await keeper.query('SET SESSION lock_wait_timeout = ?', [lockSeconds])
  // A lock whose owner has vanished without a word ends as well.
  await keeper.query('SET SESSION wait_timeout = ?', [lockSeconds])
  try {
    await keeper.query('FLUSH TABLES WITH READ LOCK')
  } catch (error) {
    if (!hasCode(error, 'ER_LOCK_WAIT_TIMEOUT')) throw error
    throw new StepError({
      type: 'LockNotGranted',
      message: `MySQL did not grant the short global read lock within ${lockSeconds} s: a statement runs for longer.`,
      remedy: 'Look for it in SHOW PROCESSLIST, or choose another time for the backup.',
      retryable: true,
      cause: error,
    })
  }
}

async function readPosition(keeper: Connection): Promise<Pick<Snapshot, 'gtidExecuted' | 'binaryLog'>> {
  const settings = z.object({ gtid: z.string(), version: z.string(), log_bin: z.number() })
  const sql = 'SELECT @@GLOBAL.gtid_executed AS gtid, VERSION() AS version, @@GLOBAL.log_bin AS log_bin'
  const { gtid, version, log_bin } = await queryOne(keeper, settings, sql)
  const gtidExecuted = gtid.replaceAll('\n', '')
  if (log_bin === 0) return { gtidExecuted, binaryLog: null }
  const status = z.object({ File: z.string(), Position: z.coerce.number() })
  // The old statement is gone from 8.4, the new one came with 8.2.
  const isOld = /^8\.[01]\./.test(version)
  const [position] = await query(keeper, status, isOld ? 'SHOW MASTER STATUS' : 'SHOW BINARY LOG STATUS')
  return { gtidExecuted, binaryLog: position ? { file: position.File, position: position.Position } : null }
}

async function until(condition: () => Promise<boolean>, isPast: () => boolean): Promise<void> {
  while (!(await condition())) {
    if (isPast()) throw tookTooLong('Not all dump processes were ready in time.')
    await pause(LOOK_MILLISECONDS)
  }
}

function pastDeadline(seconds: number): () => boolean {
  const deadline = performance.now() + seconds * 1000
  return () => performance.now() > deadline
}

async function orFailure<Result>(work: Promise<Result>, failure: Promise<never>): Promise<Result> {
  return await Promise.race([work, failure])
}

function isConnectionLost(error: unknown): boolean {
  return error instanceof Error && /closed state|connection.*(closed|lost)/i.test(error.message)
}

function tookTooLong(what: string): StepError {
  return new StepError({
    type: 'SnapshotTookTooLong',
    message: `${what} The lock was given up, and nothing was dumped.`,
    remedy: 'Try again; if it happens again, give the step more CPU, or raise LOCK_SECONDS.',
    retryable: true,
  })
}
