import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import pLimit from 'p-limit'
import type { DumpFile, DumpManifest } from '../dump/dump-manifest.ts'
import { ChildError, type Children } from '../job/children.ts'
import type { StepContext } from '../job/run-step.ts'
import { StepError } from '../job/step-error.ts'
import { withConfinedUser } from '../mysql/confined-user.ts'
import { type Connection, withConnection } from '../mysql/connection.ts'
import { type DumpFileStream, loadDumpFile, loadSql, readDumpFile } from '../mysql/load-file.ts'
import { optionFileText, withSecretFile } from '../mysql/option-file.ts'
import { openOwnedSchemas } from '../mysql/owned-schemas.ts'
import type { MysqlAccount } from '../mysql/settings.ts'
import { parseScript, renderScript, withoutDefiner } from '../schema/object-script.ts'
import type { DumpFiles } from './backup-files.ts'
import { assertTakesShellRows, loadShellRows, shellFilesOf } from './load-shell-rows.ts'
import { describeTargetSchema, dropOtherTables, makeTargetSchema, type Restoration } from './target-schema.ts'

/** Files of a kind are loaded after those of the kinds before it, so that triggers do not fire while rows come in. */
const ORDER: readonly DumpFile['kind'][] = ['structure', 'data', 'mysqlsh', 'routines', 'views', 'triggers', 'events']

/** Of a schema of which only some tables are restored: their definitions and their rows. */
const ORDER_OF_TABLES: readonly DumpFile['kind'][] = ['structure', 'data', 'mysqlsh']

/** A dump to be restored. */
export interface RestoreRequest {
  readonly account: MysqlAccount
  readonly files: DumpFiles
  readonly manifest: DumpManifest
  /** What opens the files. Absent: they are not encrypted. */
  readonly identityFile?: string | undefined
  /** Which of its schemas is restored into which. */
  readonly mapping: Readonly<Record<string, string>>
  /** By schema, the only tables that are restored. Of a schema that is not named, all is. */
  readonly tables: Readonly<Record<string, readonly string[]>>
  readonly restoration: Restoration
  readonly threads: number
  /** The script that MySQL Shell runs. By default that of the image. */
  readonly shellScript?: string
}

/**
 * Loads schemas of a dump into schemas of other names, which are made anew.
 *
 * @throws {StepError} `SchemaNotOwned`, `SchemaExists`, `SchemaNotInDump`, `TableNotInDump`, `LocalInfileOff` or `LoadFailed`
 */
export async function restoreSchemas(request: RestoreRequest, context: StepContext): Promise<void> {
  assertInDump(request)
  const files = Object.keys(request.mapping).flatMap((schema) => filesToLoad(request, schema))
  const progress = { bytes: 0, totalBytes: files.reduce((sum, { bytes }) => sum + bytes, 0) }
  await withConnection(request.account, async (connection) => {
    if (files.some(({ kind }) => kind === 'mysqlsh')) await assertTakesShellRows(connection)
    await openOwnedSchemas(connection)
    for (const [from, to] of Object.entries(request.mapping)) {
      await makeTargetSchema(connection, to, request.restoration, request.manifest.schemas[from])
    }
    // Only now: what is refused has not been downloaded.
    request.files.expect(files.map(({ path }) => path))
    const work = Promise.all(
      Object.entries(request.mapping).map(([from, to]) =>
        restoreSchema(connection, request, context, from, to, (bytes) => {
          progress.bytes += bytes
        }),
      ),
    )
    await context.progress.during(work, () => ({ ...progress, percent: (100 * progress.bytes) / progress.totalBytes }))
  })
}

async function restoreSchema(
  connection: Connection,
  request: RestoreRequest,
  context: StepContext,
  from: string,
  to: string,
  onBytes: (bytes: number) => void,
): Promise<void> {
  await loadFiles(connection, request, context, filesToLoad(request, from), { from, to }, onBytes)
  const chosen = request.tables[from]
  if (chosen) await dropOtherTables(connection, to, chosen)
  const { backupId } = request.manifest
  await describeTargetSchema(connection, to, request.restoration, { backupId, schema: from })
  context.log(`Restored \`${from}\` into \`${to}\`.`)
}

/** Makes the routines, views, triggers and events of a schema of the dump in another one, whose tables are there. */
export async function restoreObjects(
  connection: Connection,
  request: RestoreRequest,
  context: StepContext,
  from: string,
  to: string,
): Promise<void> {
  const objects = filesToLoad(request, from).filter(({ kind }) => !ORDER_OF_TABLES.some((each) => each === kind))
  await loadFiles(connection, request, context, objects, { from, to }, () => undefined)
}

/** Loads files in the order of their kinds, as an account that reaches one schema. */
async function loadFiles(
  connection: Connection,
  request: RestoreRequest,
  context: StepContext,
  files: readonly DumpFile[],
  { from, to }: { readonly from: string; readonly to: string },
  onBytes: (bytes: number) => void,
): Promise<void> {
  await withConfinedUser(connection, request.account, to, 'lock', (account) =>
    withSecretFile(optionFileText(account), async (optionFile) => {
      const limit = pLimit(request.threads)
      for (const kind of ORDER) {
        const ofKind = files.filter((file) => file.kind === kind)
        if (kind === 'mysqlsh' && ofKind.length > 0) {
          await loadByShell(request, context, account, from, to)
          onBytes(ofKind.reduce((sum, { bytes }) => sum + bytes, 0))
          continue
        }
        await Promise.all(ofKind.map((file) => limit(() => loadFile(request, context, optionFile, file, to, onBytes))))
      }
    }),
  )
}

async function loadByShell(
  { manifest, files, tables, threads, shellScript }: RestoreRequest,
  context: StepContext,
  account: MysqlAccount,
  from: string,
  to: string,
): Promise<void> {
  const chosen = { ...(tables[from] && { tables: tables[from] }), ...(shellScript && { script: shellScript }) }
  try {
    await loadShellRows({ account, manifest, files, from, to, threads, ...chosen }, context)
  } catch (error) {
    if (!(error instanceof ChildError)) throw error
    throw loadFailed("MySQL Shell's rows", to, error)
  }
}

async function loadFile(
  request: RestoreRequest,
  context: StepContext,
  optionFile: string,
  file: DumpFile,
  schema: string,
  onBytes: (bytes: number) => void,
): Promise<void> {
  const path = await request.files.pathOf(file.path)
  const stored = createReadStream(path, { highWaterMark: 1 << 18 })
  stored.on('data', (chunk) => onBytes(chunk.length))
  const stream = { stored, identityFile: request.identityFile }
  try {
    if (file.kind === 'structure' || file.kind === 'data') {
      await loadDumpFile(context.children, optionFile, schema, stream)
    } else {
      const sql = await objectsWithoutDefiner(context.children, stream)
      await loadSql(context.children, optionFile, schema, Readable.from([sql]))
    }
  } catch (error) {
    if (!(error instanceof ChildError)) throw error
    throw loadFailed(file.path, schema, error)
  }
  await request.files.discard(file.path)
}

/** The SQL of a file that holds a schema's objects, ready for another schema: it names nobody as their definer. */
async function objectsWithoutDefiner(children: Children, file: DumpFileStream): Promise<string> {
  const script = await readDumpFile(children, file)
  return renderScript(parseScript(script).map(withoutDefiner))
}

/** In the order in which they are loaded. */
function filesToLoad({ manifest, tables }: RestoreRequest, schema: string): DumpFile[] {
  const chosen = tables[schema]
  const byShell = shellFilesOf(manifest, schema, chosen)
  const own = [...manifest.files.filter((file) => file.schema === schema && file.kind !== 'mysqlsh'), ...byShell]
  if (!chosen) return ORDER.flatMap((kind) => own.filter((file) => file.kind === kind))
  // A file with rows may hold those of several small tables.
  const isChosen = (file: DumpFile) => file.kind !== 'data' || file.tables.some((table) => chosen.includes(table))
  return ORDER_OF_TABLES.flatMap((kind) => own.filter((file) => file.kind === kind && isChosen(file)))
}

/** @throws {StepError} naming the schema or the table that is not in the dump */
function assertInDump({ manifest, mapping, tables }: RestoreRequest): void {
  for (const schema of Object.keys(mapping)) {
    if (manifest.schemas[schema] === undefined) throw notInDump(schema, manifest)
    const dumped = new Set(manifest.files.flatMap((file) => (file.schema === schema ? file.tables : [])))
    const missing = tables[schema]?.find((table) => !dumped.has(table))
    if (missing !== undefined) throw tableNotInDump(schema, missing)
  }
}

function tableNotInDump(schema: string, table: string): StepError {
  return new StepError({
    type: 'TableNotInDump',
    message: `The dump holds no table \`${schema}\`.\`${table}\`.`,
    remedy: 'Correct the table in the request: its name as it was when it was dumped. Views cannot be chosen.',
    retryable: false,
  })
}

function notInDump(schema: string, manifest: DumpManifest): StepError {
  return new StepError({
    type: 'SchemaNotInDump',
    message: `The dump holds no schema \`${schema}\`, but ${Object.keys(manifest.schemas).join(', ') || 'none'}.`,
    remedy: 'Correct the schema in the request.',
    retryable: false,
  })
}

function loadFailed(path: string, schema: string, cause: ChildError): StepError {
  // A dump that names another schema than the one it is loaded into is refused by MySQL, and will be again.
  const isDenied = /ERROR (1044|1045|1142|1227|1370)\b/i.test(cause.message)
  return new StepError({
    type: 'LoadFailed',
    message: `${path} could not be loaded into \`${schema}\`: ${cause.message}.`,
    remedy: isDenied
      ? 'What the file does reaches beyond its own schema, and is not allowed to: restore that part by hand.'
      : "See MySQL's error; the target schema is made anew by the next try.",
    retryable: !isDenied,
    cause,
  })
}
