import { z } from 'zod'
import { hasCode, StepError } from '../job/step-error.ts'
import { type Connection, query } from '../mysql/connection.ts'
import type { ShellPosition } from '../mysqlsh/shell-files.ts'
import {
  IDLE_SECONDS,
  type LockParties,
  prepareConnections,
  readPosition,
  type Snapshot,
  type SnapshotPosition,
  tookTooLong,
  until,
  whileLocked,
} from './snapshot.ts'
import { SnapshotGates } from './snapshot-gates.ts'

/** Who takes part in a snapshot with MySQL Shell. */
export interface ShellParties extends LockParties {
  /**
   * Starts MySQL Shell.
   *
   * @param statement that its session runs before it begins with its dump
   * @returns when it has ended
   */
  readonly startShell: (statement: string) => Promise<void>
}

/** The one process that waits. */
const SHELL = 0

const holderRow = z.object({ connection: z.coerce.number(), mine: z.coerce.boolean() })

/** Who holds the backup lock, of those who have connected as this connection has. */
const HOLDERS_SQL = `SELECT holder.processlist_id AS connection, holder.processlist_id = CONNECTION_ID() AS mine
  FROM performance_schema.metadata_locks AS held
  JOIN performance_schema.threads AS holder ON holder.thread_id = held.owner_thread_id
  JOIN performance_schema.threads AS own ON own.processlist_id = CONNECTION_ID()
  WHERE held.object_type = 'BACKUP LOCK' AND held.lock_type = 'SHARED' AND held.lock_status = 'GRANTED'
  AND holder.processlist_user = own.processlist_user AND holder.processlist_host = own.processlist_host`

/**
 * Opens one snapshot for MySQL Shell and the readers, and gives the lock up.
 *
 * MySQL Shell opens its snapshots by itself, under a global read lock of its own, and several may hold that at once. So:
 *
 *   1. its session waits at a gate before it begins ({@link SnapshotGates}), and the keeper takes the global read lock;
 *   2. the gate is opened, and the readers open their snapshot. Nobody writes: theirs and that of MySQL Shell are the same;
 *   3. as soon as MySQL Shell holds the backup lock, the keeper's lock is given up. "Once all the threads start transactions, the
 *      instance is locked for backup" (`util.help('dump_schemas')`, at `consistent`).
 *
 * Afterwards, {@link assertSameMoment} compares where both say that they are in the binary log.
 *
 * @throws {StepError} `BackupLockDenied` or `BackupLockNotSeen` before anything is locked; `LockNotGranted` or `SnapshotTookTooLong`
 */
export async function openShellSnapshot(parties: ShellParties): Promise<Snapshot> {
  const { keeper, lockSeconds } = parties
  await prepareConnections(parties)
  await assertBackupLockIsSeen(keeper)
  const gates = await SnapshotGates.close(keeper, 1)
  const dump = parties.startShell(gates.waitStatement('before', SHELL))
  // One that ends before it has its snapshot must not be waited for.
  const failure = dump.then(() => {
    throw tookTooLong('mysqlsh ended before it had its snapshot.')
  })
  failure.catch(() => {})
  await Promise.race([until(async () => (await gates.connectionsAt('before')) !== undefined, lockSeconds), failure])
  const locked = await whileLocked(parties, failure, () => snapshotUnderLock(parties, gates))
  await keeper.query('SET SESSION wait_timeout = ?', [IDLE_SECONDS])
  return { ...locked, dumps: dump }
}

/** What happens while nobody writes. */
async function snapshotUnderLock(parties: ShellParties, gates: SnapshotGates): Promise<SnapshotPosition> {
  const { keeper, readers, lockSeconds } = parties
  const [shell] = (await gates.connectionsAt('before')) ?? []
  if (shell === undefined) throw tookTooLong('mysqlsh did not wait for the lock.')
  await gates.open('before', SHELL)
  await Promise.all(readers.map((reader) => reader.query('START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY')))
  // It dumps by connections of its own, which come after the one that waited. Numbers of connections only grow.
  const isReady = async () => (await holdersOfBackupLock(keeper)).some(({ connection }) => connection > shell)
  await until(isReady, lockSeconds)
  // Not before: MySQL Shell begins by FLUSH TABLES, which waits for tables that somebody has locked.
  await parties.underLock()
  return await readPosition(keeper)
}

async function holdersOfBackupLock(connection: Connection): Promise<z.output<typeof holderRow>[]> {
  return await query(connection, holderRow, HOLDERS_SQL)
}

/** Checks, while everybody writes, that what will be waited for can be had and can be seen. */
async function assertBackupLockIsSeen(connection: Connection): Promise<void> {
  try {
    await connection.query('LOCK INSTANCE FOR BACKUP')
  } catch (error) {
    throw backupLockRefused(error)
  }
  const isSeen = (await holdersOfBackupLock(connection)).some(({ mine }) => mine)
  await connection.query('UNLOCK INSTANCE')
  if (isSeen) return
  throw new StepError({
    type: 'BackupLockNotSeen',
    message: 'The server does not show who holds its backup lock, by which MySQL Shell shows that it has its snapshot.',
    remedy:
      'Turn on performance_schema and its instrument wait/lock/metadata/sql/mdl (both are on by default), or dump by the engine ' +
      '"mysqldump".',
    retryable: false,
  })
}

function backupLockRefused(error: unknown): unknown {
  if (hasCode(error, 'ER_LOCK_WAIT_TIMEOUT')) {
    return new StepError({
      type: 'LockNotGranted',
      message: 'MySQL did not lock the instance for backup in time: a definition is being changed, which takes longer.',
      remedy: 'Look for it in SHOW PROCESSLIST, or choose another time for the backup.',
      retryable: true,
      cause: error,
    })
  }
  if (!hasCode(error, 'ER_SPECIFIC_ACCESS_DENIED_ERROR', 'ER_PARSE_ERROR')) return error
  return new StepError({
    type: 'BackupLockDenied',
    message: 'The account may not lock the instance for backup, by which MySQL Shell shows that it has its snapshot.',
    remedy: 'Grant it BACKUP_ADMIN, or dump by the engine "mysqldump".',
    retryable: false,
    cause: error,
  })
}

/**
 * Checks that MySQL Shell's snapshot is where ours is in the stream of writes, as far as the server counts them.
 *
 * @throws {StepError} `NotOneSnapshot`, worth a retry
 */
export function assertSameMoment(shell: ShellPosition, ours: SnapshotPosition): void {
  const pairs = [
    ...(shell.binaryLog && ours.binaryLog ? [[placeOf(shell.binaryLog), placeOf(ours.binaryLog)] as const] : []),
    [shell.gtidExecuted, ours.gtidExecuted] as const,
  ]
  const different = pairs.find(([theirs, own]) => theirs !== own)
  if (!different) return
  const [theirs, own] = different
  throw new StepError({
    type: 'NotOneSnapshot',
    message: `MySQL Shell's snapshot is at "${theirs}", and that of the fingerprint at "${own}": they are not of one moment.`,
    remedy: 'Try again; if it happens again, dump by the engine "mysqldump".',
    retryable: true,
  })
}

function placeOf({ file, position }: { readonly file: string; readonly position: number }): string {
  return `${file}:${position}`
}
