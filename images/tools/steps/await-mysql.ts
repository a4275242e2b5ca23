import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import { deployMysqlAnswerSchema } from '../../../src/domain/step-answers.ts'
import { runStep, type StepContext } from '../job/run-step.ts'
import { wholeNumber } from '../job/settings.ts'
import { StepError } from '../job/step-error.ts'
import { queryOne, withConnection } from '../mysql/connection.ts'
import { type MysqlAccount, mysqlVariables, readAccount } from '../mysql/settings.ts'

/** Between two tries to connect, in milliseconds. */
const TRY_MILLISECONDS = 250

const environment = z.object({ ...mysqlVariables, AWAIT_SECONDS: wholeNumber(1, 86_400).prefault('240') })
const versionRow = z.object({ version: z.string() })

await runStep({ name: 'await-mysql', environment, answer: deployMysqlAnswerSchema }, async (variables, context) => {
  const account = await readAccount(variables)
  return { serverVersion: await awaitVersion(account, variables.AWAIT_SECONDS, context) }
})

/** Asks MySQL for its version until it answers. @throws {StepError} the last reason why it did not */
async function awaitVersion(account: MysqlAccount, seconds: number, context: StepContext): Promise<string> {
  const deadline = performance.now() + seconds * 1000
  let lastReason = ''
  for (;;) {
    try {
      return await withConnection(account, async (connection) => {
        const { version } = await queryOne(connection, versionRow, 'SELECT VERSION() AS version')
        return version
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
