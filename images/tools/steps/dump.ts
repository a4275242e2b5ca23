import { join } from 'node:path'
import { z } from 'zod'
import { accountsSchema } from '../../../src/domain/backup-request.ts'
import { ENGINES } from '../../../src/domain/engines.ts'
import { dumpAnswerSchema } from '../../../src/domain/step-answers.ts'
import { dumpAnswer } from '../dump/dump-answer.ts'
import { readWholeDump } from '../dump/dump-manifest.ts'
import { takeDump } from '../dump/take-dump.ts'
import { encryptionVariables, findRecipients } from '../encryption/recipients.ts'
import { runStep } from '../job/run-step.ts'
import { settings, wholeNumber } from '../job/settings.ts'
import { mysqlVariables, readAccount } from '../mysql/settings.ts'

const environment = z.object({
  ...mysqlVariables,
  ...encryptionVariables,
  BACKUP_ID: settings.backupId,
  SCHEMAS: settings.schemas,
  THREADS: settings.threads,
  /** What dumps the rows. */
  ENGINE: z.enum(ENGINES).prefault('mysqldump'),
  ACCOUNTS: accountsSchema().prefault('leave'),
  /** For how many seconds writes may stand still at most, before the dump is given up. */
  LOCK_SECONDS: wholeNumber(1, 3600).prefault('30'),
  BACKUP_DIRECTORY: z.string().prefault('/backup'),
})

await runStep({ name: 'dump', environment, answer: dumpAnswerSchema() }, async (variables, context) => {
  const folder = join(variables.BACKUP_DIRECTORY, variables.BACKUP_ID)
  const there = await readWholeDump(folder)
  if (typeof there !== 'string') {
    context.log('The dump is there already, and every file of it is as its manifest says.')
    return dumpAnswer(there)
  }
  const account = await readAccount(variables)
  const recipientsFile = await findRecipients(variables, context.children)
  const manifest = await takeDump(
    {
      account,
      backupId: variables.BACKUP_ID,
      folder,
      recipientsFile,
      schemas: variables.SCHEMAS,
      threads: variables.THREADS,
      engine: variables.ENGINE,
      accounts: variables.ACCOUNTS,
      lockSeconds: variables.LOCK_SECONDS,
    },
    context,
  )
  return dumpAnswer(manifest)
})
