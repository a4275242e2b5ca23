import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import pLimit from 'p-limit'
import type { DumpFile } from '../dump/dump-manifest.ts'
import { ChildError, type Children } from '../job/children.ts'
import type { StepContext } from '../job/run-step.ts'
import { StepError } from '../job/step-error.ts'
import { withConfinedUser } from '../mysql/confined-user.ts'
import type { Connection } from '../mysql/connection.ts'
import { type DumpFileStream, loadDumpFile, loadSql, readDumpFile } from '../mysql/load-file.ts'
import { optionFileText, withSecretFile } from '../mysql/option-file.ts'
import type { MysqlAccount } from '../mysql/settings.ts'
import { parseScript, renderScript, withoutDefiner } from '../schema/object-script.ts'
import type { Kinds } from './files-to-load.ts'
import { loadShellRows } from './load-shell-rows.ts'
import type { RestoreRequest } from './restore-request.ts'

/** Who loads a schema of the dump, and into which. */
export interface Loader {
  /** It reaches that one schema. */
  readonly account: MysqlAccount
  readonly optionFile: string
  readonly from: string
  readonly to: string
}

/** Runs `work` with one who reaches the target schema and no other. */
export async function withLoader(
  connection: Connection,
  { account }: RestoreRequest,
  { from, to }: Pick<Loader, 'from' | 'to'>,
  work: (loader: Loader) => Promise<void>,
): Promise<void> {
  await withConfinedUser(connection, account, to, 'lock', (confined) =>
    withSecretFile(optionFileText(confined), (optionFile) => work({ account: confined, optionFile, from, to })),
  )
}

/**
 * Loads files in the order of their kinds: those of a kind beside each other, after those of the kinds before it.
 *
 * @throws {StepError} `LoadFailed`
 */
export async function loadFiles(
  loader: Loader,
  files: readonly DumpFile[],
  kinds: Kinds,
  request: RestoreRequest,
  context: StepContext,
  onBytes: (bytes: number) => void,
): Promise<void> {
  const limit = pLimit(request.threads)
  for (const kind of kinds) {
    const ofKind = files.filter((file) => file.kind === kind)
    if (kind === 'mysqlsh' && ofKind.length > 0) {
      await loadByShell(loader, request, context)
      onBytes(ofKind.reduce((sum, { bytes }) => sum + bytes, 0))
      continue
    }
    await Promise.all(ofKind.map((file) => limit(() => loadFile(loader, file, request, context, onBytes))))
  }
}

async function loadByShell(
  { account, from, to }: Loader,
  { manifest, files, tables, threads, shellScript }: RestoreRequest,
  context: StepContext,
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
  { optionFile, to }: Loader,
  file: DumpFile,
  request: RestoreRequest,
  context: StepContext,
  onBytes: (bytes: number) => void,
): Promise<void> {
  const path = await request.files.pathOf(file.path)
  const stored = createReadStream(path, { highWaterMark: 1 << 18 })
  stored.on('data', (chunk) => onBytes(chunk.length))
  const stream = { stored, identityFile: request.identityFile }
  try {
    if (file.kind === 'structure' || file.kind === 'data') {
      await loadDumpFile(context.children, optionFile, to, stream)
    } else {
      const sql = await objectsWithoutDefiner(context.children, stream)
      await loadSql(context.children, optionFile, to, Readable.from([sql]))
    }
  } catch (error) {
    if (!(error instanceof ChildError)) throw error
    throw loadFailed(file.path, to, error)
  }
  await request.files.discard(file.path)
}

/** The SQL of a file that holds a schema's objects, ready for another schema: it names nobody as their definer. */
async function objectsWithoutDefiner(children: Children, file: DumpFileStream): Promise<string> {
  const script = await readDumpFile(children, file)
  return renderScript(parseScript(script).map(withoutDefiner))
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
