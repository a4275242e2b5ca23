import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import pLimit from 'p-limit'
import type { DumpFile, DumpManifest, FileKind } from '../dump/dump-manifest.ts'
import { ChildError, type Children } from '../job/children.ts'
import type { StepContext } from '../job/run-step.ts'
import { StepError } from '../job/step-error.ts'
import { withConfinedUser } from '../mysql/confined-user.ts'
import { type Connection, withConnection } from '../mysql/connection.ts'
import { decompress, loadDumpFile, loadSql } from '../mysql/load-file.ts'
import { optionFileText, withSecretFile } from '../mysql/option-file.ts'
import { createOwnedSchema, describeOwnedSchema, dropOwnedSchema, openOwnedSchemas } from '../mysql/owned-schemas.ts'
import type { MysqlAccount } from '../mysql/settings.ts'
import { parseScript, renderScript, withoutDefiner } from '../schema/object-script.ts'

/** Files of a kind are loaded after those of the kinds before it, so that triggers do not fire while rows come in. */
const ORDER: readonly FileKind[] = ['structure', 'data', 'routines', 'views', 'triggers', 'events']

/** A dump to be restored. */
export interface RestoreRequest {
  readonly account: MysqlAccount
  readonly folder: string
  readonly manifest: DumpManifest
  /** Which of its schemas is restored into which. */
  readonly mapping: Readonly<Record<string, string>>
  readonly threads: number
}

/**
 * Loads schemas of a dump into schemas of other names, which are made anew.
 *
 * @throws {StepError} `SchemaNotOwned`, `SchemaNotInDump` or `LoadFailed`
 */
export async function restoreSchemas(request: RestoreRequest, context: StepContext): Promise<void> {
  for (const from of Object.keys(request.mapping)) {
    if (request.manifest.schemas[from] === undefined) throw notInDump(from, request.manifest)
  }
  const progress = { bytes: 0, totalBytes: filesToLoad(request).reduce((sum, { bytes }) => sum + bytes, 0) }
  await withConnection(request.account, async (connection) => {
    await openOwnedSchemas(connection)
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
  await dropOwnedSchema(connection, to, 'restored')
  await createOwnedSchema(connection, to, 'restored', request.manifest.schemas[from])
  await withConfinedUser(connection, request.account, to, 'lock', (account) =>
    withSecretFile(optionFileText(account), async (optionFile) => {
      const limit = pLimit(request.threads)
      for (const kind of ORDER) {
        const files = request.manifest.files.filter((file) => file.kind === kind && file.schema === from)
        await Promise.all(files.map((file) => limit(() => loadFile(request, context, optionFile, file, to, onBytes))))
      }
    }),
  )
  await describeOwnedSchema(connection, to, JSON.stringify({ backupId: request.manifest.backupId, schema: from }))
  context.log(`Restored \`${from}\` into \`${to}\`.`)
}

async function loadFile(
  request: RestoreRequest,
  context: StepContext,
  optionFile: string,
  file: DumpFile,
  schema: string,
  onBytes: (bytes: number) => void,
): Promise<void> {
  const compressed = createReadStream(join(request.folder, file.path), { highWaterMark: 1 << 18 })
  compressed.on('data', (chunk) => onBytes(chunk.length))
  try {
    if (file.kind === 'structure' || file.kind === 'data') {
      await loadDumpFile(context.children, optionFile, schema, compressed)
    } else {
      const sql = await objectsWithoutDefiner(context.children, compressed)
      await loadSql(context.children, optionFile, schema, Readable.from([sql]))
    }
  } catch (error) {
    if (!(error instanceof ChildError)) throw error
    throw loadFailed(file.path, schema, error)
  }
}

/** The SQL of a file that holds a schema's objects, ready for another schema: it names nobody as their definer. */
async function objectsWithoutDefiner(children: Children, compressed: Readable): Promise<string> {
  const script = await decompress(children, compressed)
  return renderScript(parseScript(script).map(withoutDefiner))
}

function filesToLoad(request: RestoreRequest): DumpFile[] {
  return request.manifest.files.filter(
    ({ kind, schema }) =>
      kind !== 'fingerprint' && ORDER.includes(kind) && schema !== undefined && schema in request.mapping,
  )
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
  const isDenied = /ERROR (1044|1045|1142|1227|1370)\b/.test(cause.message)
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
