import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { StepContext } from '../job/run-step.ts'
import { hasCode } from '../job/step-error.ts'
import { type Connection, connect, queryOne } from '../mysql/connection.ts'
import { optionFileText, withSecretFile } from '../mysql/option-file.ts'
import type { MysqlAccount } from '../mysql/settings.ts'
import { type DumpFile, type DumpManifest, FINGERPRINT_FILE, MANIFEST_FILE } from './dump-manifest.ts'
import { assertStillPlanned, type DefinitionsPlan, planDefinitions, planRows, type RowsPlan } from './dump-plan.ts'
import { DumpWriter } from './dump-writer.ts'
import { type Fingerprint, takeFingerprint } from './fingerprint.ts'
import { openSnapshot, type Snapshot } from './snapshot.ts'

/** For how long a connection of a dump may have nothing to do. */
const IDLE_SECONDS = 7 * 24 * 3600

/** What to dump, and where to. */
export interface DumpRequest {
  readonly account: MysqlAccount
  readonly backupId: string
  readonly folder: string
  readonly schemas: readonly string[]
  /** Dump processes at a time; as many connections take the fingerprint. */
  readonly threads: number
  readonly lockSeconds: number
}

/**
 * Dumps schemas into a folder, all in one snapshot, and writes beside them what a restore must equal. The manifest comes
 * last: a folder without it is no dump.
 */
export async function takeDump(request: DumpRequest, context: StepContext): Promise<DumpManifest> {
  await rm(request.folder, { recursive: true, force: true })
  await mkdir(request.folder, { recursive: true })
  const connections: Connection[] = []
  async function open(): Promise<Connection> {
    const connection = await connect(request.account)
    connection.on('error', () => {})
    // Some wait for others that take long.
    await connection.query('SET SESSION wait_timeout = ?', [IDLE_SECONDS])
    connections.push(connection)
    return connection
  }
  try {
    return await withSecretFile(optionFileText(request.account), (file) => dumpWith(request, context, file, open))
  } finally {
    for (const connection of connections) connection.destroy()
  }
}

async function dumpWith(
  request: DumpRequest,
  context: StepContext,
  optionFile: string,
  open: () => Promise<Connection>,
): Promise<DumpManifest> {
  const first = await open()
  const rows = await planRows(first, request.schemas, request.threads)
  const readers = [first]
  while (readers.length < request.threads) readers.push(await open())
  const writer = new DumpWriter(request.folder, context.children, optionFile)

  const keeper = await open()
  const snapshot = await openSnapshot({
    keeper,
    readers,
    dumps: rows.files.length,
    startDumps: (statements) => writer.writeAtOnce(rows.files, statements),
    underLock: async () => {
      await keepDefinitions(first, context)
      await assertStillPlanned(first, rows)
    },
    lockSeconds: request.lockSeconds,
  })
  keeper.destroy()
  context.log(
    `One snapshot for ${rows.files.length} dumps; writes stood still for ${snapshot.lockedMilliseconds.toFixed(1)} ms.`,
  )

  const definitions = await planDefinitions(first, rows)
  const work = Promise.all([
    takeFingerprint(readers, request.schemas, tablesOf(rows)),
    snapshot.dumps,
    writer.writeInTurn(definitions.files, request.threads),
  ])
  const [fingerprint] = await context.progress.during(work, () => ({ bytes: writer.bytes }))
  await writer.writeText(FINGERPRINT_FILE, JSON.stringify(fingerprint))
  const versions = { client: await clientVersion(context), server: await serverVersion(first) }
  const manifest = describeDump(request.backupId, definitions, snapshot, fingerprint, writer.files, versions)
  await writeFile(join(request.folder, MANIFEST_FILE), JSON.stringify(manifest, null, 1), { flush: true })
  return manifest
}

/**
 * Keeps definitions as they are until the dump is done: writes go on, ALTER TABLE and its like wait. Taken under the global
 * read lock, as nothing holds that up then: a definition that waits for this lock would hold up the other one.
 */
async function keepDefinitions(connection: Connection, context: StepContext): Promise<void> {
  try {
    await connection.query('LOCK INSTANCE FOR BACKUP')
  } catch (error) {
    if (!hasCode(error, 'ER_SPECIFIC_ACCESS_DENIED_ERROR', 'ER_PARSE_ERROR')) throw error
    context.log('No right to LOCK INSTANCE FOR BACKUP: a table whose definition changes meanwhile fails the dump.')
  }
}

function tablesOf(plan: RowsPlan): { schema: string; table: string }[] {
  const tables = [...plan.tables].flatMap(([schema, own]) =>
    own.map(({ name, bytes }) => ({ schema, table: name, bytes })),
  )
  // The heaviest first: what is begun last should not take longest.
  return tables.sort((one, other) => other.bytes - one.bytes)
}

function describeDump(
  backupId: string,
  { schemas: objects }: DefinitionsPlan,
  snapshot: Snapshot,
  fingerprint: Fingerprint,
  files: readonly DumpFile[],
  versions: { readonly client: string; readonly server: string },
): DumpManifest {
  const schemas = [...objects].map(([schema, { characterSet, collation }]) => {
    const tables = Object.values(fingerprint.schemas[schema]?.tables ?? {})
    const rows = tables.reduce((sum, table) => sum + table.rows, 0)
    return [schema, { characterSet, collation, tables: tables.length, rows }]
  })
  return {
    version: 1,
    backupId,
    engine: { name: 'mysqldump', version: versions.client },
    server: { version: versions.server, gtidExecuted: snapshot.gtidExecuted, binaryLog: snapshot.binaryLog },
    lockedMilliseconds: Math.round(snapshot.lockedMilliseconds * 10) / 10,
    schemas: Object.fromEntries(schemas),
    files: [...files].sort((one, other) => (one.path < other.path ? -1 : 1)),
  }
}

async function serverVersion(connection: Connection): Promise<string> {
  const { version } = await queryOne(connection, z.object({ version: z.string() }), 'SELECT VERSION() AS version')
  return version
}

async function clientVersion({ children }: StepContext): Promise<string> {
  let version = ''
  await children.start('mysqldump', ['--version'], {
    onLine: (line) => {
      version ||= line
    },
  }).ended
  return version
}
