import { readdir, readFile, rename, rmdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { fileNameSchema } from '../../../src/domain/names.ts'
import { type DumpFile, FINGERPRINT_FILE, MANIFEST_FILE, sha256OfFile } from '../dump/dump-manifest.ts'
import { StepError } from '../job/step-error.ts'

/** Written by MySQL Shell at the start of a dump. */
const METADATA_FILE = '@.json'
/** And at its end: a dump without it is not whole. */
const DONE_FILE = '@.done.json'
/** There if the dump has checksums of MySQL Shell's own. */
export const CHECKSUMS_FILE = '@.checksums.json'

/** Files that a dump has beside those of MySQL Shell. */
const OWN_NAMES: readonly string[] = [MANIFEST_FILE, FINGERPRINT_FILE]

const metadataSchema = z.looseObject({
  basenames: z.record(z.string(), z.string()),
  gtidExecuted: z.string().default(''),
  binlogFile: z.string().optional(),
  binlogPosition: z.int().nonnegative().optional(),
})
const schemaMetadataSchema = z.looseObject({ basenames: z.record(z.string(), z.string()) })

/** Where in the stream of writes MySQL Shell says that its snapshot is. */
export interface ShellPosition {
  readonly gtidExecuted: string
  /** Absent where the server keeps no binary log, or where MySQL Shell may not ask. */
  readonly binaryLog?: { readonly file: string; readonly position: number }
}

/** What MySQL Shell says of its dump. */
export interface ShellDumpFacts {
  readonly position: ShellPosition
  /** Which files are of which tables. */
  readonly names: FileNames
}

/** How MySQL Shell calls the files of a table: each begins with this, and goes on with "@" or ".". */
export type FileNames = readonly {
  readonly schema: string
  readonly table: string | undefined
  readonly basename: string
}[]

/** Reads what MySQL Shell says of its dump in a folder. @throws {StepError} `ShellDumpNotWhole` */
export async function readShellDump(folder: string): Promise<ShellDumpFacts> {
  const { basenames, gtidExecuted, binlogFile, binlogPosition } = await readJson(folder, METADATA_FILE, metadataSchema)
  await readJson(folder, DONE_FILE, z.looseObject({}))
  const names = []
  for (const [schema, basename] of Object.entries(basenames)) {
    names.push({ schema, table: undefined, basename })
    const { basenames: tables } = await readJson(folder, `${basename}.json`, schemaMetadataSchema)
    names.push(...Object.entries(tables).map(([table, own]) => ({ schema, table, basename: own })))
  }
  const binaryLog =
    binlogFile && binlogPosition !== undefined ? { file: binlogFile, position: binlogPosition } : undefined
  return { position: { gtidExecuted: gtidExecuted.replaceAll(/\s/g, ''), ...(binaryLog && { binaryLog }) }, names }
}

/**
 * Moves the files of a dump of MySQL Shell's into the folder of the dump of which they become a part, as they are.
 *
 * @returns what the manifest is to say of them
 * @throws {StepError} `FileNameNotKept`, before anything was moved, where one has a name that a backup cannot have
 */
export async function adoptShellFiles(from: string, to: string, names: FileNames): Promise<DumpFile[]> {
  const paths = (await readdir(from)).sort()
  for (const path of paths) {
    if (!fileNameSchema().safeParse(path).success || OWN_NAMES.includes(path)) throw notKept(path)
  }
  const files: DumpFile[] = []
  for (const path of paths) {
    await rename(join(from, path), join(to, path))
    const moved = join(to, path)
    const { size: bytes } = await stat(moved)
    files.push({ path, kind: 'mysqlsh', ...contentsOf(path, names), bytes, sha256: await sha256OfFile(moved) })
  }
  await rmdir(from)
  return files
}

/** Bytes of the files in a folder, which may be there or not. */
export async function folderBytes(folder: string): Promise<number> {
  let bytes = 0
  for (const path of await readdir(folder).catch(() => [])) {
    // It may have been renamed since.
    bytes += await stat(join(folder, path)).then(
      ({ size }) => size,
      () => 0,
    )
  }
  return bytes
}

/** Of which schema and table a file is: of the longest name with which it begins. */
export function contentsOf(path: string, names: FileNames): Pick<DumpFile, 'schema' | 'tables'> {
  const own = names
    .filter(({ basename }) => path.startsWith(`${basename}@`) || path.startsWith(`${basename}.`))
    .toSorted((one, other) => other.basename.length - one.basename.length)[0]
  if (!own) return { tables: [] }
  return { schema: own.schema, tables: own.table === undefined ? [] : [own.table] }
}

async function readJson<Schema extends z.ZodType>(
  folder: string,
  name: string,
  schema: Schema,
): Promise<z.output<Schema>> {
  try {
    return schema.parse(JSON.parse(await readFile(join(folder, name), 'utf8')))
  } catch (error) {
    throw new StepError({
      type: 'ShellDumpNotWhole',
      message: `mysqlsh has left no whole dump: ${name} cannot be read: ${error instanceof Error ? error.message : error}.`,
      remedy: 'See what it printed in the log of the pod.',
      retryable: true,
      cause: error,
    })
  }
}

function notKept(path: string): StepError {
  return new StepError({
    type: 'FileNameNotKept',
    message: `mysqlsh has called a file "${path}", after a schema or a table, and a backup can have no file of that name.`,
    remedy: 'Dump by the engine "mysqldump", whose files are numbered.',
    retryable: false,
  })
}
