import { type Connection, quoteName } from '../mysql/connection.ts'
import type { TableOfSchema } from './plan-rows.ts'

/** Tables to which nobody can write. */
export interface LockedTables {
  /**
   * Lets others write again.
   *
   * @returns for how long they could not, in milliseconds
   * @throws {Error} if the lock was lost meanwhile: what was read under it may be of several moments
   */
  readonly unlock: () => Promise<number>
}

/**
 * Keeps everybody from writing to tables, by a connection that does nothing else. It reads none of them itself, so it may lock
 * those of any engine.
 *
 * @param lockSeconds for how long to wait for the locks
 */
export async function lockTables(
  connection: Connection,
  tables: readonly TableOfSchema[],
  lockSeconds: number,
): Promise<LockedTables> {
  const list = tables.map(({ schema, name }) => `${quoteName(schema)}.${quoteName(name)} READ`)
  await connection.query('SET SESSION lock_wait_timeout = ?', [lockSeconds])
  await connection.query(`LOCK TABLES ${list.join(', ')}`)
  const lockedAt = performance.now()
  return {
    unlock: async () => {
      // The locks have lasted as long as their connection has.
      await connection.query('UNLOCK TABLES')
      return performance.now() - lockedAt
    },
  }
}
