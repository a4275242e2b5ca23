import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import pLimit from 'p-limit'
import { z } from 'zod'
import type { DumpFile, DumpManifest } from '../dump/dump-manifest.ts'
import type { StepContext } from '../job/run-step.ts'
import { StepError } from '../job/step-error.ts'
import { type Connection, queryOne } from '../mysql/connection.ts'
import type { MysqlAccount } from '../mysql/settings.ts'
import { runShell, SHELL_SCRIPT } from '../mysqlsh/run-shell.ts'
import { loadCall } from '../mysqlsh/shell-calls.ts'
import { CHECKSUMS_FILE } from '../mysqlsh/shell-files.ts'
import type { DumpFiles } from './backup-files.ts'

/** Rows that MySQL Shell has dumped, and where they are to be. */
export interface ShellRows {
  /** One that reaches the target schema and no other. */
  readonly account: MysqlAccount
  readonly manifest: Pick<DumpManifest, 'files'>
  readonly files: DumpFiles
  readonly from: string
  readonly to: string
  /** Absent: all. */
  readonly tables?: readonly string[]
  readonly threads: number
  /** The script that MySQL Shell runs. By default that of the image. */
  readonly script?: string
}

/** Each uses all threads. */
const oneAtATime = pLimit(1)

/** The files that MySQL Shell needs to load rows of a schema: all of that schema, and those about the whole dump. */
export function shellFilesOf(
  manifest: Pick<DumpManifest, 'files'>,
  schema: string,
  tables: readonly string[] | undefined,
): readonly DumpFile[] {
  const files = manifest.files.filter(
    (file) => file.kind === 'mysqlsh' && (file.schema === undefined || file.schema === schema),
  )
  const isWanted = files.some((file) => file.tables.some((table) => tables?.includes(table) ?? true))
  return isWanted ? files : []
}

/**
 * Loads rows by MySQL Shell into tables that are there, if there are any rows that it has dumped.
 *
 * @throws {ChildError} if it fails
 */
export async function loadShellRows(rows: ShellRows, context: StepContext): Promise<void> {
  const { account, manifest, files, from, to, tables, threads, script = SHELL_SCRIPT } = rows
  const needed = shellFilesOf(manifest, from, tables)
  const dumped = new Set(needed.flatMap((file) => file.tables))
  if (dumped.size === 0) return
  const paths = await Promise.all(needed.map(({ path }) => files.pathOf(path)))
  const folder = dirname(paths[0] ?? '')
  const checksum = needed.some(({ path }) => path === CHECKSUMS_FILE)
  const notes = await mkdtemp(join(tmpdir(), 'holdfast-'))
  try {
    const progressFile = join(notes, 'progress.json')
    const chosen = tables && { tables: tables.filter((table) => dumped.has(table)) }
    const call = loadCall({ folder, from, to, ...chosen, threads, progressFile, checksum })
    await oneAtATime(() => runShell(account, { call, statements: [], script }, context))
  } finally {
    await rm(notes, { recursive: true, force: true })
  }
  // Other schemas may need what is about the whole dump.
  for (const { path, schema } of needed) if (schema !== undefined) await files.discard(path)
}

/**
 * Checks that MySQL Shell can load here. To be asked before anything is dropped.
 *
 * @throws {StepError} `LocalInfileOff`
 */
export async function assertTakesShellRows(connection: Connection): Promise<void> {
  const row = z.object({ isOn: z.coerce.boolean() })
  const { isOn } = await queryOne(connection, row, 'SELECT @@GLOBAL.local_infile AS isOn')
  if (isOn) return
  throw new StepError({
    type: 'LocalInfileOff',
    message:
      'This backup has rows that MySQL Shell has dumped, and it loads them by LOAD DATA LOCAL, which the server does not take.',
    remedy: 'SET PERSIST local_infile = ON on the server, and try again. Nothing was restored.',
    retryable: false,
  })
}
