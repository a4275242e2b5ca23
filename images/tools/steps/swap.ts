import { z } from 'zod'
import { swapAnswerSchema } from '../../../src/domain/step-answers.ts'
import { swapNames } from '../../../src/domain/swap-names.ts'
import { openStore } from '../catalog/open-store.ts'
import { identityVariables } from '../encryption/identity.ts'
import { compareFingerprints } from '../fingerprint/compare-fingerprints.ts'
import type { Fingerprint } from '../fingerprint/fingerprint.ts'
import { onlyObjects } from '../fingerprint/only-tables.ts'
import { fingerprintOf } from '../fingerprint/take-fingerprint.ts'
import { runStep, type StepContext } from '../job/run-step.ts'
import { settings } from '../job/settings.ts'
import { StepError } from '../job/step-error.ts'
import { confinedDefiner } from '../mysql/confined-user.ts'
import { type Connection, withConnection } from '../mysql/connection.ts'
import { dropOwnedSchema, keepForUse, openOwnedSchemas } from '../mysql/owned-schemas.ts'
import { mysqlVariables, readAccount } from '../mysql/settings.ts'
import { openBackup } from '../restore/open-backup.ts'
import { readFingerprint } from '../restore/read-fingerprint.ts'
import type { RestoreRequest } from '../restore/restore-request.ts'
import { restoreObjects } from '../restore/restore-schemas.ts'
import { openSetAside } from '../restore/set-aside.ts'
import { swapTables } from '../restore/swap-schema.ts'
import { readSchemaObjects } from '../schema/schema-objects.ts'

const environment = z.object({
  ...mysqlVariables,
  ...identityVariables,
  BACKUP_ID: settings.backupId,
  BUCKET: settings.bucket,
  COPY: settings.copy,
  SCHEMA_MAPPING: settings.schemaMapping,
  /** Whose restore it is: the schemas beside are named after it. */
  PIPELINE: settings.pipeline,
  SCRATCH_DIRECTORY: z.string().prefault('/tmp'),
})

await runStep({ name: 'swap', environment, answer: swapAnswerSchema() }, async (variables, context) => {
  const { BACKUP_ID: backupId, COPY: copy, SCHEMA_MAPPING: mapping, PIPELINE } = variables
  const account = await readAccount(variables)
  const { children } = context
  const backup = {
    store: await openStore(variables.BUCKET),
    backupId,
    copy,
    scratch: variables.SCRATCH_DIRECTORY,
    identityFile: variables.AGE_IDENTITY_FILE,
    threads: 1,
  }
  const dumped = await readFingerprint({ ...backup, children })
  const { manifest, files, identityFile } = await openBackup(backup, children)
  const restoration = { purpose: 'use', runId: PIPELINE.runId } as const
  const what = { files, manifest, identityFile, mapping, tables: {} }
  const request: RestoreRequest = { account, ...what, restoration, threads: 1 }
  let tables = 0
  await withConnection(account, async (connection) => {
    await openOwnedSchemas(connection)
    await openSetAside(connection)
    for (const from of Object.keys(mapping)) tables += await swapOne(connection, request, dumped, from, context)
    // Not before all are exchanged: until then, each may have to go back.
    for (const target of Object.values(mapping)) {
      await keepForUse(connection, target)
      await dropOwnedSchema(connection, swapNames(target, PIPELINE.runId).beside, 'recovered')
    }
  })
  return { schemas: Object.keys(mapping).length, tables }
})

/** @returns how many tables came in */
async function swapOne(
  connection: Connection,
  request: RestoreRequest,
  dumped: Fingerprint,
  from: string,
  context: StepContext,
): Promise<number> {
  const { manifest, mapping, restoration } = request
  const [target, restored] = [mapping[from], manifest.schemas[from]]
  if (target === undefined || restored === undefined) throw schemaNotInDump(from)
  const swap = { target, ...swapNames(settings.schema.parse(target), restoration.runId) }
  await swapTables(connection, swap, { charset: restored, tables: restored.tables }, context)
  await restoreObjects(connection, request, context, from, target)
  await assertObjectsEqual(connection, dumped, from, target)
  return restored.tables
}

/** Rows and tables were compared before they were moved. What was made just now was not. */
async function assertObjectsEqual(
  connection: Connection,
  dumped: Fingerprint,
  from: string,
  target: string,
): Promise<void> {
  const objects = await readSchemaObjects(connection, target)
  const now = fingerprintOf(new Map(objects ? [[target, objects]] : []), [])
  const { differences } = compareFingerprints(onlyObjects(dumped), now, { [from]: target }, confinedDefiner)
  if (differences.length > 0) throw objectsDiffer(target, differences)
}

function objectsDiffer(
  target: string,
  differences: readonly { readonly kind: string; readonly name: string; readonly what: string }[],
): StepError {
  const said = differences.slice(0, 5).map(({ kind, name, what }) => `The ${kind} \`${name}\` ${what}.`)
  return new StepError({
    type: 'VerificationFailed',
    message: `What came into \`${target}\` is not what was dumped. ${said.join(' ')}`,
    remedy: 'The schema is made again what it was.',
    retryable: false,
  })
}

function schemaNotInDump(schema: string): StepError {
  return new StepError({
    type: 'SchemaNotInDump',
    message: `The backup holds no schema \`${schema}\`.`,
    remedy: 'Correct the schema in the request.',
    retryable: false,
  })
}
