import { setTimeout as pause } from 'node:timers/promises'
import pLimit from 'p-limit'
import { z } from 'zod'
import { hasCode, StepError } from '../job/step-error.ts'
import { type Connection, query, queryOne } from '../mysql/connection.ts'
import { SnapshotGates } from './snapshot-gates.ts'

/** How long to wait between two looks at the processes, in milliseconds. Under the lock there are none but this. */
const LOOK_MILLISECONDS = 2
/** For how long a connection of a dump may have nothing to do. */
export const IDLE_SECONDS = 7 * 24 * 3600
/** For how long the server itself is trusted to end a wait for the lock that has lasted too long, in milliseconds. */
const GUARD_GRACE_MILLISECONDS = 500

/**
 * Starts a dump process.
 *
 * @param statements that it has to run, in their order, right after it has connected
 * @returns when it has ended
 */
export type StartDump = (statements: string[]) => Promise<void>

/** Who takes part in a snapshot, whatever dumps. */
export interface LockParties {
  /** Holds the global read lock, and afterwards the gates of dumps that have yet to begin. */
  readonly keeper: Connection
  /** Connections of this program that get the snapshot as well. */
  readonly readers: readonly Connection[]
  /** What is done while the lock is held, after the readers have their snapshot. */
  readonly underLock: () => Promise<void>
  /** For how many seconds writes may stand still at most. */
  readonly lockSeconds: number
}

/** Who takes part in a snapshot with processes that wait at gates. */
export interface SnapshotParties extends LockParties {
  /** Each starts a dump process, which connects at once, and returns when it has ended. */
  readonly dumps: readonly StartDump[]
  /** How many of them dump at a time, in their order. */
  readonly threads: number
}

/** Where in the stream of writes the snapshot is. */
export interface SnapshotPosition {
  readonly gtidExecuted: string
  /** Null where the server keeps no binary log. */
  readonly binaryLog: { readonly file: string; readonly position: number } | null
}

/** The one state of the database that the dumps and the readers see. */
export interface Snapshot extends SnapshotPosition {
  /** For how long writes stood still, from the moment the lock was asked for, in milliseconds. */
  readonly lockedMilliseconds: number
  /** Resolves when all dump processes have ended. */
  readonly dumps: Promise<void>
}

/**
 * Opens one snapshot for all parties, and gives the lock up. {@link SnapshotGates} says why it is one and the same.
 *
 * @throws {StepError} `LockNotGranted` or `SnapshotTookTooLong`, both worth a retry
 */
export async function openSnapshot(parties: SnapshotParties): Promise<Snapshot> {
  const { keeper, lockSeconds } = parties
  await prepareConnections(parties)
  const gates = await SnapshotGates.close(keeper, parties.dumps.length)
  const dumps = parties.dumps.map((startDump, process) => startDump(gates.statements(process)))
  // A dump that fails before it has its snapshot must not be waited for.
  const failure = Promise.all(dumps).then(() => new Promise<never>(() => {}))
  failure.catch(() => {})
  const allWait = async () => (await gates.connectionsAt('before')) !== undefined
  await Promise.race([until(allWait, lockSeconds), failure])

  const locked = await whileLocked(parties, failure, () => snapshotUnderLock(parties, gates))
  await keeper.query('SET SESSION wait_timeout = ?', [IDLE_SECONDS])
  const through = letThrough(gates, dumps, parties.threads)
  // Whoever waits for it gets the failure; until then it must not end the program as an unhandled one.
  through.catch(() => {})
  return { ...locked, dumps: through }
}

/** Has connections wait for no longer than writes may stand still, and the readers see one state of the database. */
export async function prepareConnections({ keeper, readers, lockSeconds }: LockParties): Promise<void> {
  // While it waits for statements that run, the lock already lets no new write in.
  await keeper.query('SET SESSION lock_wait_timeout = ?', [lockSeconds])
  // A lock whose owner has vanished without a word ends as well.
  await keeper.query('SET SESSION wait_timeout = ?', [lockSeconds])
  for (const reader of readers) await reader.query('SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ')
}

/**
 * Takes the global read lock, and gives it up when the work is done. If that fails, the lock lasts until the caller closes the keeper's
 * connection.
 *
 * @param failure rejects if what is waited for cannot come any more
 * @param work what is done under it
 * @throws {StepError} `LockNotGranted` or `SnapshotTookTooLong`, both worth a retry
 */
export async function whileLocked(
  { keeper, lockSeconds }: LockParties,
  failure: Promise<never>,
  work: () => Promise<SnapshotPosition>,
): Promise<Omit<Snapshot, 'dumps'>> {
  const askedAt = performance.now()
  const guard = guardLock(keeper, lockSeconds)
  async function lockAndWork(): Promise<SnapshotPosition> {
    await lock(keeper, lockSeconds)
    const position = await work()
    await keeper.query('UNLOCK TABLES')
    return position
  }
  try {
    const position = await Promise.race([lockAndWork(), failure, guard.expired])
    return { ...position, lockedMilliseconds: performance.now() - askedAt }
  } finally {
    guard.clear()
  }
}

/** Lets so many dumps through at a time. They may wait for that for as long as the keeper's connection lasts. */
async function letThrough(gates: SnapshotGates, dumps: readonly Promise<void>[], threads: number): Promise<void> {
  const limit = pLimit(threads)
  const work = dumps.map((dump, process) =>
    limit(async () => {
      await gates.open('after', process)
      await dump
    }),
  )
  await Promise.all([...work, ...dumps])
}

/** What happens while nobody writes. */
async function snapshotUnderLock(parties: SnapshotParties, gates: SnapshotGates): Promise<SnapshotPosition> {
  const { keeper, readers, lockSeconds } = parties
  const before = await gates.connectionsAt('before')
  if (!before) throw tookTooLong('A dump process did not wait for the lock.')
  await gates.openAll('before')
  await Promise.all(readers.map((reader) => reader.query('START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY')))
  await parties.underLock()
  const position = await readPosition(keeper)
  await until(async () => isSame(before, await gates.connectionsAt('after')), lockSeconds)
  return position
}

/** Without its connection the lock is gone: should the server be slow to answer, or this program be. */
function guardLock(keeper: Connection, lockSeconds: number): { expired: Promise<never>; clear: () => void } {
  let timer: NodeJS.Timeout
  const expired = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => {
        keeper.destroy()
        reject(tookTooLong(`The snapshots were not there after ${lockSeconds} s.`))
      },
      lockSeconds * 1000 + GUARD_GRACE_MILLISECONDS,
    )
  })
  return { expired, clear: () => clearTimeout(timer) }
}

async function lock(keeper: Connection, lockSeconds: number): Promise<void> {
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

/** Where in the stream of writes the server is. */
export async function readPosition(keeper: Connection): Promise<SnapshotPosition> {
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

/** Looks again and again. @throws {StepError} `SnapshotTookTooLong` if it was in vain for so many seconds */
export async function until(condition: () => Promise<boolean>, seconds: number): Promise<void> {
  const deadline = performance.now() + seconds * 1000
  while (!(await condition())) {
    if (performance.now() > deadline) throw tookTooLong('Not all dump processes were ready in time.')
    await pause(LOOK_MILLISECONDS)
  }
}

/** Whether the connections that wait after their snapshots are those that waited before them. */
function isSame(before: readonly number[], after: readonly number[] | undefined): boolean {
  return after !== undefined && before.every((connection, process) => after[process] === connection)
}

export function tookTooLong(what: string): StepError {
  return new StepError({
    type: 'SnapshotTookTooLong',
    message: `${what} The lock was given up, and nothing was dumped.`,
    remedy: 'Try again; if it happens again, give the step more CPU, or raise LOCK_SECONDS.',
    retryable: true,
  })
}
