import { access } from 'node:fs/promises'
import type { StepContext } from '../job/run-step.ts'
import { StepError } from '../job/step-error.ts'
import { withSecretFile } from '../mysql/option-file.ts'
import type { MysqlAccount } from '../mysql/settings.ts'
import { sslOptions } from '../mysql/tls.ts'

/** Where the image has the script that MySQL Shell runs. */
export const SHELL_SCRIPT = '/opt/holdfast/mysqlsh/run.py'

/** A value of an option, as JSON has it. */
export type OptionValue = boolean | number | string | readonly string[]

/** A call of MySQL Shell's utilities (`util` in its Python). */
export interface ShellCall {
  readonly call: 'dump_schemas' | 'load_dump'
  /** Those before the options. */
  readonly arguments: readonly OptionValue[]
  readonly options: Readonly<Record<string, OptionValue>>
  /** Options that not every version has: they are left out where its own help does not name them. */
  readonly optionsWhereKnown: Readonly<Record<string, OptionValue>>
}

/** The arguments of mysqlsh. It takes what stands behind the script for the script's. */
export function mysqlshArguments(script: string): string[] {
  return ['--no-wizard', '--py', `--file=${script}`]
}

/**
 * Has MySQL Shell do one thing. What it prints goes to the step's log.
 *
 * @param statements SQL that its own session runs before
 * @throws {ChildError} if it ends with another exit code than 0
 * @throws {StepError} `ShellNotFinished` if it ends with 0 and has not come to the end of its script
 */
export async function runShell(
  account: MysqlAccount,
  {
    call,
    statements,
    script,
  }: { readonly call: ShellCall; readonly statements: readonly string[]; readonly script: string },
  { children, log }: Pick<StepContext, 'children' | 'log'>,
): Promise<void> {
  const { host, port, user, password, tls } = account
  const connection = { scheme: 'mysql', host, port, user, password, ...sslOptions(tls) }
  await withSecretFile(JSON.stringify({ ...call, connection, statements }), async (orderFile) => {
    await children.start('mysqlsh', mysqlshArguments(script), { env: { HOLDFAST_ORDER: orderFile }, onLine: log }).ended
    await access(`${orderFile}.done`).catch((error: unknown) => {
      throw notFinished(call.call, error)
    })
  })
}

function notFinished(call: ShellCall['call'], cause: unknown): StepError {
  return new StepError({
    type: 'ShellNotFinished',
    message: `mysqlsh ended with exit code 0, and its ${call} has not come to its end.`,
    remedy: 'See what it printed in the log of the pod.',
    retryable: true,
    cause,
  })
}
