import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { type Children, handOver } from '../job/children.ts'

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

/** Loads a compressed file of a dump into a schema. @throws {ChildError} */
export async function loadDumpFile(
  children: Children,
  optionFile: string,
  schema: string,
  compressed: Readable,
): Promise<void> {
  const mysql = children.start('mysql', mysqlArguments(optionFile, schema), { stdin: 'pipe' })
  if (!mysql.stdin) throw new Error('mysql has no input.')
  const zstd = children.start('zstd', ['-d', '-q', '-c'], { stdin: 'pipe', stdout: mysql.stdin })
  handOver(mysql.stdin)
  if (!zstd.stdin) throw new Error('zstd has no input.')
  await firstFailure([mysql.ended, zstd.ended, pipeline(compressed, zstd.stdin)])
}

/** The text of a small compressed file. @throws {ChildError} */
export async function decompress(children: Children, compressed: Readable): Promise<string> {
  const zstd = children.start('zstd', ['-d', '-q', '-c'], { stdin: 'pipe', stdout: 'pipe' })
  if (!zstd.stdin || !zstd.stdout) throw new Error('zstd has no input or output.')
  const [contents] = await Promise.all([text(zstd.stdout), zstd.ended, pipeline(compressed, zstd.stdin)])
  return contents
}

/** Waits for all, and throws what comes first in this order: a broken pipe is only what follows from the reader's failure. */
async function firstFailure(work: readonly Promise<void>[]): Promise<void> {
  for (const result of await Promise.allSettled(work)) {
    if (result.status === 'rejected') throw result.reason
  }
}
