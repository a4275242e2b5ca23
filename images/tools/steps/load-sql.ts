import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { z } from 'zod'
import { loadSampleDataAnswerSchema } from '../../../src/domain/step-answers.ts'
import { ChildError } from '../job/children.ts'
import { runStep, type StepContext } from '../job/run-step.ts'
import { settings } from '../job/settings.ts'
import { StepError } from '../job/step-error.ts'
import { withConfinedUser } from '../mysql/confined-user.ts'
import { withConnection } from '../mysql/connection.ts'
import { loadSql } from '../mysql/load-file.ts'
import { loadOnce } from '../mysql/load-once.ts'
import { optionFileText, withSecretFile } from '../mysql/option-file.ts'
import { type MysqlAccount, mysqlVariables, readAccount } from '../mysql/settings.ts'

const environment = z.object({
  ...mysqlVariables,
  SCHEMA: settings.schema,
  SQL_SHA256: z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in hexadecimal'),
  /** Those that will be backed up. */
  SCHEMAS: settings.schemas.optional(),
  INPUT_DIRECTORY: z.string().prefault('/input'),
})

await runStep({ name: 'load-sql', environment, answer: loadSampleDataAnswerSchema() }, async (variables, context) => {
  const account = await readAccount(variables)
  const { SCHEMA: schema, SCHEMAS: backedUp = [schema], SQL_SHA256: sha256, INPUT_DIRECTORY: directory } = variables
  return await withConnection(account, (connection) =>
    loadOnce(connection, schema, backedUp, JSON.stringify({ tool: 'sql', sha256 }), {
      check: () => assertIntact(directory, sha256),
      load: () =>
        withConfinedUser(connection, account, schema, 'lock', (confined) => load(confined, schema, directory, context)),
    }),
  )
})

async function load(account: MysqlAccount, schema: string, directory: string, context: StepContext): Promise<void> {
  context.log('The file is the one that was meant. Loading it.')
  try {
    await withSecretFile(optionFileText(account), async (optionFile) => {
      const sql = Readable.from(uncompressed(directory), { objectMode: false, highWaterMark: 1 << 18 })
      await loadSql(context.children, optionFile, schema, sql)
    })
  } catch (error) {
    throw error instanceof ChildError ? notLoaded(schema, error) : error
  }
}

/** Checks the whole file before anything of it is loaded. @throws {StepError} `SqlFileBroken` */
async function assertIntact(directory: string, sha256: string): Promise<void> {
  const hash = createHash('sha256')
  try {
    for await (const chunk of uncompressed(directory)) hash.update(chunk)
  } catch (error) {
    throw broken(`It cannot be read: ${error instanceof Error ? error.message : error}.`)
  }
  const found = hash.digest('hex')
  if (found !== sha256) throw broken(`Its SHA-256 is ${found}, not ${sha256}.`)
}

/** The file's text, of the parts in the order of their numbers. */
async function* uncompressed(directory: string): AsyncGenerator<Buffer> {
  const parts = (await readdir(directory)).filter((name) => /^part-\d{3}$/.test(name)).sort()
  const gunzip = createGunzip()
  async function* compressed(): AsyncGenerator<Buffer> {
    for (const part of parts) yield* createReadStream(join(directory, part))
  }
  const feeding = pipeline(Readable.from(compressed(), { objectMode: false }), gunzip)
  feeding.catch(() => {})
  yield* gunzip
  await feeding
}

function broken(why: string): StepError {
  return new StepError({
    type: 'SqlFileBroken',
    message: `The SQL file did not arrive as it was sent. ${why}`,
    remedy: 'Start the pipeline again: nothing was loaded.',
    retryable: false,
  })
}

function notLoaded(schema: string, cause: ChildError): StepError {
  const isDenied = /ERROR (1044|1045|1049|1142|1227|1370)\b/.test(cause.message)
  return new StepError({
    type: 'SqlFileRefused',
    message: `MySQL refused the SQL file: ${cause.message}.`,
    remedy: isDenied
      ? `The file may use the schema \`${schema}\` and no other: take out what names one (USE, CREATE DATABASE, db.table).`
      : 'Correct the file at the line named, or try it with the mysql client first.',
    retryable: /ERROR (2002|2003|2006|2013)\b/.test(cause.message),
    cause,
  })
}
