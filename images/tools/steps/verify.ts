import { z } from 'zod'
import { type VerifyAnswer, verifyAnswerSchema } from '../../../src/domain/step-answers.ts'
import { openStore } from '../catalog/open-store.ts'
import { writeProof } from '../catalog/write-proof.ts'
import { FINGERPRINT_FILE } from '../dump/dump-manifest.ts'
import { type Comparison, compareFingerprints } from '../fingerprint/compare-fingerprints.ts'
import { type Fingerprint, fingerprintSchema } from '../fingerprint/fingerprint.ts'
import { fingerprintSchemas } from '../fingerprint/fingerprint-schemas.ts'
import { runStep } from '../job/run-step.ts'
import { settings } from '../job/settings.ts'
import { StepError } from '../job/step-error.ts'
import { answerThatFits } from '../job/termination-message.ts'
import { confinedDefiner } from '../mysql/confined-user.ts'
import { mysqlVariables, readAccount } from '../mysql/settings.ts'
import { backupPrefix, readObject, remotePath } from '../s3/rclone.ts'

/** How many differences a proof holds. */
const KEPT_DIFFERENCES = 1000

const environment = z.object({
  ...mysqlVariables,
  BACKUP_ID: settings.backupId,
  BUCKET: settings.bucket,
  SCHEMA_MAPPING: settings.schemaMapping,
  THREADS: settings.threads,
  /** Of whom the proof will say that it was made. */
  PIPELINE: settings.pipeline,
})

await runStep({ name: 'verify', environment, answer: verifyAnswerSchema }, async (variables, context) => {
  const account = await readAccount(variables)
  const path = `${remotePath(variables.BUCKET, backupPrefix('backup2', variables.BACKUP_ID))}${FINGERPRINT_FILE}`
  const [source, restored] = await Promise.all([
    readObject(path, context.children).then((text) => parseFingerprint(path, text)),
    fingerprintSchemas(account, Object.values(variables.SCHEMA_MAPPING), variables.THREADS),
  ])
  for (const from of Object.keys(variables.SCHEMA_MAPPING)) {
    if (source.schemas[from] === undefined) throw notFingerprinted(path, from)
  }
  const comparison = compareFingerprints(source, restored, variables.SCHEMA_MAPPING, confinedDefiner)
  const { tables, objectCount, differences } = comparison
  for (const { name, sourceRows } of tables) context.log(`${name}: ${sourceRows} rows`)
  context.log(`Compared ${tables.length} tables and ${objectCount} other objects.`)
  for (const { kind, name, what } of differences) context.log(`DIFFERENT: the ${kind} \`${name}\` ${what}.`)
  const proof = await writeProof(await openStore(variables.BUCKET), {
    version: 1,
    backupId: variables.BACKUP_ID,
    provenAt: new Date().toISOString(),
    pipeline: variables.PIPELINE,
    schemaMapping: variables.SCHEMA_MAPPING,
    tableCount: tables.length,
    objectCount,
    differenceCount: differences.length,
    differences: differences.slice(0, KEPT_DIFFERENCES),
  })
  context.log(`${proof} was written.`)
  return answer(comparison)
})

/** The answer with as many differences, and then as many tables, as it has room for. */
function answer({ objectCount, differences, tables }: Comparison): VerifyAnswer {
  const base = { tableCount: tables.length, objectCount, differenceCount: differences.length }
  const withDifferences = answerThatFits(differences.length, (count) => ({
    ...base,
    differences: differences.slice(0, count),
    tables: [],
  }))
  return answerThatFits(tables.length, (count) => ({ ...withDifferences, tables: tables.slice(0, count) }))
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
