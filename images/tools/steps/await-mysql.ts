import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import { schemaNameSchema } from '../../../src/domain/names.ts'
import { deployMysqlAnswerSchema } from '../../../src/domain/step-answers.ts'
import { runStep, type StepContext } from '../job/run-step.ts'
import { json, wholeNumber } from '../job/settings.ts'
import { StepError } from '../job/step-error.ts'
import { queryOne, withConnection } from '../mysql/connection.ts'
import { type MysqlAccount, mysqlVariables, readAccount } from '../mysql/settings.ts'
import { measureSchemas } from '../mysql/tables.ts'

/** Between two tries to connect, in milliseconds. */
const TRY_MILLISECONDS = 250

const environment = z.object({
  ...mysqlVariables,
  AWAIT_SECONDS: wholeNumber(1, 86_400).prefault('240'),
  /** Those that will be backed up, whether they are there by now or not. */
  SCHEMAS: json(z.array(schemaNameSchema())).prefault('[]'),
})
type Variables = z.output<typeof environment>
type Answer = z.output<ReturnType<typeof deployMysqlAnswerSchema>>
const versionRow = z.object({ version: z.string() })

await runStep({ name: 'await-mysql', environment, answer: deployMysqlAnswerSchema() }, async (variables, context) => {
  const account = await readAccount(variables)
  return await awaitMysql(account, variables, context)
})

/** Asks MySQL until it answers. @throws {StepError} the last reason why it did not */
async function awaitMysql(
  account: MysqlAccount,
  { AWAIT_SECONDS: seconds, SCHEMAS: schemas }: Variables,
  context: StepContext,
): Promise<Answer> {
  const deadline = performance.now() + seconds * 1000
  let lastReason = ''
  for (;;) {
    try {
      return await withConnection(account, async (connection) => {
        const { version } = await queryOne(connection, versionRow, 'SELECT VERSION() AS version')
        return { serverVersion: version, databaseBytes: await measureSchemas(connection, schemas) }
      })
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      if (reason !== lastReason) context.log(reason)
      lastReason = reason
      // While a server makes its accounts, it may refuse them: not even that is final before the deadline.
      if (performance.now() > deadline) throw notInTime(error, reason, seconds)
    }
    await pause(TRY_MILLISECONDS)
  }
}

function notInTime(cause: unknown, reason: string, seconds: number): StepError {
  const known = cause instanceof StepError ? cause : undefined
  return new StepError({
    type: known?.type ?? 'MysqlUnreachable',
    message: `MySQL did not answer a query within ${seconds} s. ${reason}`,
    remedy: known?.remedy ?? "See the log of MySQL's pod.",
    retryable: known?.retryable ?? true,
    cause,
  })
}
