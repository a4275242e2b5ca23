import { z } from 'zod'
import type { BackupId } from '../../../src/domain/names.ts'
import { type VerifyAnswer, verifyAnswerSchema } from '../../../src/domain/step-answers.ts'
import { openStore } from '../catalog/open-store.ts'
import { writeProof } from '../catalog/write-proof.ts'
import { identityVariables } from '../encryption/identity.ts'
import { type Comparison, compareFingerprints } from '../fingerprint/compare-fingerprints.ts'
import { fingerprintSchemas } from '../fingerprint/fingerprint-schemas.ts'
import { onlyTables } from '../fingerprint/only-tables.ts'
import { runStep } from '../job/run-step.ts'
import { settings } from '../job/settings.ts'
import { StepError } from '../job/step-error.ts'
import { answerThatFits } from '../job/termination-message.ts'
import { confinedDefiner } from '../mysql/confined-user.ts'
import { mysqlVariables, readAccount } from '../mysql/settings.ts'
import { readFingerprint } from '../restore/read-fingerprint.ts'

/** How many differences a proof holds. */
const KEPT_DIFFERENCES = 1000

const environment = z.object({
  ...mysqlVariables,
  ...identityVariables,
  BACKUP_ID: settings.backupId,
  BUCKET: settings.bucket,
  COPY: settings.copy,
  SCHEMA_MAPPING: settings.schemaMapping,
  TABLES: settings.tables,
  THREADS: settings.threads,
  /** Of whom the proof will say that it was made. */
  PIPELINE: settings.pipeline,
})

await runStep({ name: 'verify', environment, answer: verifyAnswerSchema() }, async (variables, context) => {
  const { BUCKET, BACKUP_ID: backupId, COPY, SCHEMA_MAPPING: mapping, TABLES, THREADS } = variables
  const account = await readAccount(variables)
  const store = await openStore(BUCKET)
  const begin = performance.now()
  const [dumped, restored] = await Promise.all([
    readFingerprint({
      store,
      backupId,
      copy: COPY,
      identityFile: variables.AGE_IDENTITY_FILE,
      children: context.children,
    }),
    fingerprintSchemas(account, Object.values(mapping), THREADS),
  ])
  const missing = Object.keys(mapping).find((schema) => dumped.schemas[schema] === undefined)
  if (missing !== undefined) throw notFingerprinted(backupId, missing)
  const comparison = compareFingerprints(onlyTables(dumped, TABLES), restored, mapping, confinedDefiner)
  const { tables, objectCount, differences } = comparison
  for (const { name, sourceRows } of tables) context.log(`${name}: ${sourceRows} rows`)
  const seconds = (performance.now() - begin) / 1000
  context.log(`Compared ${tables.length} tables and ${objectCount} other objects, read in ${seconds.toFixed(1)} s.`)
  for (const { kind, name, what } of differences) context.log(`DIFFERENT: the ${kind} \`${name}\` ${what}.`)
  // That a part of it is equal does not prove a backup.
  const isPart = Object.keys(TABLES).length > 0 || Object.keys(dumped.schemas).some((schema) => !(schema in mapping))
  if (isPart && differences.length === 0) return answer(comparison)
  const proof = await writeProof(store, {
    version: 1,
    backupId,
    provenAt: new Date().toISOString(),
    pipeline: variables.PIPELINE,
    schemaMapping: mapping,
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

function notFingerprinted(backupId: BackupId, schema: string): StepError {
  return new StepError({
    type: 'SchemaNotInDump',
    message: `The fingerprint of the backup ${backupId} says nothing of the schema \`${schema}\`.`,
    remedy: 'Correct the schema in the request.',
    retryable: false,
  })
}
