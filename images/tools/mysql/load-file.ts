import type { Readable, Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { startDecrypting } from '../encryption/age.ts'
import { type Child, type Children, firstFailure, handOver } from '../job/children.ts'

/** The arguments of MySQL's command line client when it loads into one schema. */
function mysqlArguments(optionFile: string, schema: string): string[] {
  return [
    `--defaults-file=${optionFile}`,
    `--database=${schema}`,
    '--default-character-set=utf8mb4',
    '--batch',
    '--binary-mode',
    // In bodies of routines they are kept.
    '--comments',
    '--max-allowed-packet=1G',
  ]
}

/** Loads the SQL text of a stream into a schema. @throws {ChildError} with MySQL's error and the line it is in */
export async function loadSql(children: Children, optionFile: string, schema: string, sql: Readable): Promise<void> {
  const mysql = children.start('mysql', mysqlArguments(optionFile, schema), { stdin: 'pipe' })
  if (!mysql.stdin) throw new Error('mysql has no input.')
  await firstFailure([mysql.ended, pipeline(sql, mysql.stdin)])
}

/** A file of a dump on its way to MySQL. */
export interface DumpFileStream {
  /** As it is stored: compressed, and then encrypted where there is an identity. */
  readonly stored: Readable
  /** What opens it; undefined where it is not encrypted. */
  readonly identityFile: string | undefined
}

/** Loads a file of a dump into a schema. @throws {ChildError} */
export async function loadDumpFile(
  children: Children,
  optionFile: string,
  schema: string,
  file: DumpFileStream,
): Promise<void> {
  const mysql = children.start('mysql', mysqlArguments(optionFile, schema), { stdin: 'pipe' })
  if (!mysql.stdin) throw new Error('mysql has no input.')
  const { ended } = startReading(children, file, mysql.stdin)
  handOver(mysql.stdin)
  await firstFailure([mysql.ended, ...ended])
}

/** The text of a small file of a dump. @throws {ChildError} */
export async function readDumpFile(children: Children, file: DumpFileStream): Promise<string> {
  const { stdout, ended } = startReading(children, file, 'pipe')
  if (!stdout) throw new Error('zstd has no output.')
  const contents = text(stdout)
  await firstFailure([...ended, contents])
  return await contents
}

/**
 * Starts what makes SQL of a stored file.
 *
 * @param output `pipe`: its standard output; the input of another program: straight to it
 * @returns what has to end well, in the order in which it tells why something did not
 */
function startReading(
  children: Children,
  { stored, identityFile }: DumpFileStream,
  output: 'pipe' | Writable,
): Pick<Child, 'stdout'> & { readonly ended: readonly Promise<void>[] } {
  const { stdin, stdout, ended } = children.start('zstd', ['-d', '-q', '-c'], { stdin: 'pipe', stdout: output })
  if (!stdin) throw new Error('zstd has no input.')
  if (identityFile === undefined) return { stdout, ended: [ended, pipeline(stored, stdin)] }
  const age = startDecrypting(children, identityFile, stdin)
  handOver(stdin)
  // A file whose end is missing looks to zstd like one that was not made whole: age knows better.
  return { stdout, ended: [age.ended, ended, pipeline(stored, age.stdin)] }
}
