import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { lockTables } from '../../../images/tools/dump/locked-tables.ts'
import { dumpByShell } from '../../../images/tools/dump/shell-dump.ts'
import { assertSameMoment, openShellSnapshot } from '../../../images/tools/dump/shell-snapshot.ts'
import type { StepContext } from '../../../images/tools/job/run-step.ts'
import { withConfinedUser } from '../../../images/tools/mysql/confined-user.ts'
import { type Connection, connect, quoteName } from '../../../images/tools/mysql/connection.ts'
import type { MysqlAccount } from '../../../images/tools/mysql/settings.ts'
import { countAndChecksum, listTables } from '../../../images/tools/mysql/tables.ts'
import { filesInFolder } from '../../../images/tools/restore/backup-files.ts'
import { loadShellRows } from '../../../images/tools/restore/load-shell-rows.ts'

const LOCK_SECONDS = 30
const THREADS = 3

/** What one dump of a schema by the stand-in of MySQL Shell, and its load into another, came to. */
export interface ShellRound {
  readonly lockedMilliseconds: number
  /** By table: in the snapshot of a reader, in the source afterwards, and as it was loaded. */
  readonly checksums: readonly { readonly snapshot: string; readonly later: string; readonly loaded: string }[]
}

/** Dumps a schema and loads it into another one, whose tables are made like its own. @param folder for the dump */
export async function shellRound(
  account: MysqlAccount,
  [from, to]: readonly [string, string],
  folder: string,
  script: string,
  context: StepContext,
): Promise<ShellRound> {
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder)
  const [keeper, tableKeeper, reader] = [await connect(account), await connect(account), await connect(account)]
  try {
    const tables = (await listTables(reader, from)).map((facts) => ({ schema: from, ...facts }))
    const locked = tables.filter(({ engine }) => engine !== 'InnoDB')
    let unlock = async (): Promise<number> => 0
    let dumped: Awaited<ReturnType<typeof dumpByShell>> | undefined
    const snapshot = await openShellSnapshot({
      keeper,
      readers: [reader],
      lockSeconds: LOCK_SECONDS,
      underLock: async () => {
        unlock = (await lockTables(tableKeeper, locked, LOCK_SECONDS)).unlock
      },
      startShell: async (statement) => {
        dumped = await dumpByShell(
          { account, folder, tables, others: [], threads: THREADS, script },
          statement,
          context,
        )
      },
    })
    await snapshot.dumps
    if (!dumped) throw new Error('The stand-in has dumped nothing.')
    assertSameMoment(dumped.position, snapshot)
    const before = await checksums(reader, from, tables)
    await unlock()
    const later = await checksums(keeper, from, tables)
    await makeLike(keeper, [from, to], tables)
    await load(keeper, account, [from, to], dumped.files, folder, script, context)
    const loaded = await checksums(keeper, to, tables)
    return {
      lockedMilliseconds: snapshot.lockedMilliseconds,
      checksums: before.map((snapshot, index) => ({
        snapshot,
        later: later[index] ?? '',
        loaded: loaded[index] ?? '',
      })),
    }
  } finally {
    for (const connection of [keeper, tableKeeper, reader]) connection.destroy()
  }
}

async function checksums(
  connection: Connection,
  schema: string,
  tables: readonly { readonly name: string }[],
): Promise<string[]> {
  const sums: string[] = []
  for (const { name } of tables) sums.push((await countAndChecksum(connection, schema, name)).checksum)
  return sums
}

async function makeLike(
  connection: Connection,
  [from, to]: readonly [string, string],
  tables: readonly { readonly name: string }[],
): Promise<void> {
  await connection.query(`DROP DATABASE IF EXISTS ${quoteName(to)}`)
  await connection.query(`CREATE DATABASE ${quoteName(to)}`)
  for (const { name } of tables) {
    const table = quoteName(name)
    await connection.query(`CREATE TABLE ${quoteName(to)}.${table} LIKE ${quoteName(from)}.${table}`)
  }
}

async function load(
  connection: Connection,
  administrator: MysqlAccount,
  [from, to]: readonly [string, string],
  files: Awaited<ReturnType<typeof dumpByShell>>['files'],
  folder: string,
  script: string,
  context: StepContext,
): Promise<void> {
  const rows = { manifest: { files: [...files] }, files: filesInFolder(folder), from, to, threads: THREADS, script }
  await withConfinedUser(connection, administrator, to, 'drop', (account) =>
    loadShellRows({ ...rows, account }, context),
  )
}

/** The program by which the stand-in speaks to MySQL. */
export function standInProgram(standIn: string): string {
  return `${process.execPath} ${join(standIn, 'shell-sql.ts')}`
}
