import { z } from 'zod'
import { findBackup, NoSuchBackupError } from '../../../src/catalog/find-backup.ts'
import type { BackupRecord } from '../../../src/domain/backup-record.ts'
import { backupIdSchema, namespaceSchema, schemaNameSchema } from '../../../src/domain/names.ts'
import { ANSWER_MAX_BYTES, type FindBackupAnswer, findBackupAnswerSchema } from '../../../src/domain/step-answers.ts'
import { asStep, openStore } from '../catalog/open-store.ts'
import { runStep } from '../job/run-step.ts'
import { json, settings } from '../job/settings.ts'
import { StepError } from '../job/step-error.ts'
import { notAsRecorded } from '../restore/recorded-objects.ts'

const environment = z.object({
  BUCKET: settings.bucket,
  BACKUP: z.union([z.literal('latest'), backupIdSchema()]),
  BACKUP_OF: namespaceSchema(),
  /** Which it must hold; an empty list where it does not matter. */
  SCHEMAS: json(z.array(schemaNameSchema())),
})

await runStep({ name: 'find-backup', environment, answer: findBackupAnswerSchema() }, async (variables, context) => {
  const { BUCKET, BACKUP: backup, BACKUP_OF: backupOf, SCHEMAS: schemas } = variables
  const store = await openStore(BUCKET)
  const record = await asStep(`Looking for the backup in ${BUCKET}`, () =>
    findBackup(store, { backup, backupOf, schemas }),
  ).catch((error: unknown) => {
    if (error instanceof NoSuchBackupError) throw noSuchBackup(error, BUCKET)
    throw notAsRecorded(error)
  })
  context.log(`The backup is ${record.backupId}, of ${record.startedAt}.`)
  return answer(record, schemas)
})

/** @param wanted all schemas, if empty */
function answer({ backupId, schemas, objects, engine }: BackupRecord, wanted: readonly string[]): FindBackupAnswer {
  const answer = {
    backupId,
    schemas: wanted.length > 0 ? [...wanted] : Object.keys(schemas),
    bytes: objects.reduce((sum, { bytes }) => sum + bytes, 0),
    engine: engine.name,
  }
  if (Buffer.byteLength(JSON.stringify(answer)) <= ANSWER_MAX_BYTES) return answer
  throw new StepError({
    type: 'TooManySchemas',
    message: `The backup ${backupId} holds ${answer.schemas.length} schemas: more than an answer has room for.`,
    remedy: 'Restore them in several requests, each of which names its schemas.',
    retryable: false,
  })
}

function noSuchBackup(error: NoSuchBackupError, bucket: string): StepError {
  return new StepError({
    type: 'NoSuchBackup',
    message: error.message,
    remedy: `\`holdfast backups list --bucket ${bucket}\` says which there are. Nothing was restored.`,
    retryable: false,
    cause: error,
  })
}
