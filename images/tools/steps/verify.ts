import { z } from 'zod'
import { type VerifyAnswer, verifyAnswerSchema } from '../../../src/domain/step-answers.ts'
import { FINGERPRINT_FILE } from '../dump/dump-manifest.ts'
import {
  type Comparison,
  compareFingerprints,
  type Fingerprint,
  fingerprintSchema,
  isEqual,
  takeFingerprint,
} from '../dump/fingerprint.ts'
import { runStep } from '../job/run-step.ts'
import { settings } from '../job/settings.ts'
import { StepError } from '../job/step-error.ts'
import { answerThatFits } from '../job/termination-message.ts'
import { connect } from '../mysql/connection.ts'
import { type MysqlAccount, mysqlVariables, readAccount } from '../mysql/settings.ts'
import { listTables } from '../mysql/tables.ts'
import { backupPrefix, readObject, remotePath } from '../s3/rclone.ts'

const environment = z.object({
  ...mysqlVariables,
  BACKUP_ID: settings.backupId,
  BUCKET: settings.bucket,
  SCHEMA_MAPPING: settings.schemaMapping,
  THREADS: settings.threads,
})

await runStep({ name: 'verify', environment, answer: verifyAnswerSchema }, async (variables, context) => {
  const account = await readAccount(variables)
  const path = `${remotePath(variables.BUCKET, backupPrefix('backup2', variables.BACKUP_ID))}${FINGERPRINT_FILE}`
  const [source, restored] = await Promise.all([
    readObject(path, context.children).then((text) => parseFingerprint(path, text)),
    fingerprintOf(account, Object.values(variables.SCHEMA_MAPPING), variables.THREADS),
  ])
  for (const from of Object.keys(variables.SCHEMA_MAPPING)) {
    if (source.schemas[from] === undefined) throw notFingerprinted(path, from)
  }
  const comparison = compareFingerprints(source, restored, variables.SCHEMA_MAPPING)
  for (const table of comparison.tables) {
    const { name, sourceRows, restoredRows } = table
    context.log(
      `${name}: ${sourceRows} rows, restored ${restoredRows ?? 'none'}: ${isEqual(table) ? 'equal' : 'DIFFERENT'}`,
    )
  }
  return answer(comparison)
})

async function fingerprintOf(account: MysqlAccount, schemas: readonly string[], threads: number): Promise<Fingerprint> {
  const first = await connect(account)
  const connections = [first]
  try {
    const tables = []
    for (const schema of schemas) {
      for (const { name, bytes } of await listTables(first, schema)) tables.push({ schema, table: name, bytes })
    }
    tables.sort((one, other) => other.bytes - one.bytes)
    while (connections.length < Math.min(threads, tables.length)) connections.push(await connect(account))
    return await takeFingerprint(connections, schemas, tables)
  } finally {
    for (const connection of connections) connection.destroy()
  }
}

/** The answer with as many tables as it has room for: those that differ come first. */
function answer({ equal, tables }: Comparison): VerifyAnswer {
  const differing = tables.filter((table) => !isEqual(table)).map(({ name }) => name)
  const base = { equal, tableCount: tables.length }
  const withNames = answerThatFits(differing.length, (count) => ({
    ...base,
    differingTables: differing.slice(0, count),
    tables: [],
  }))
  return answerThatFits(tables.length, (count) => ({ ...withNames, tables: tables.slice(0, count) }))
}

function parseFingerprint(path: string, text: string): Fingerprint {
  try {
    return fingerprintSchema.parse(JSON.parse(text))
  } catch (error) {
    throw new StepError({
      type: 'FingerprintUnreadable',
      message: `${path} is not the fingerprint of a backup: ${error instanceof Error ? error.message : error}.`,
      remedy: 'Compare it with the one in backup1/ of the same backup.',
      retryable: false,
      cause: error,
    })
  }
}

function notFingerprinted(path: string, schema: string): StepError {
  return new StepError({
    type: 'SchemaNotInDump',
    message: `${path} says nothing of the schema \`${schema}\`.`,
    remedy: 'Correct the schema in the request.',
    retryable: false,
  })
}
