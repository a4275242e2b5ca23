import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { wholeNumber } from '../job/settings.ts'
import { StepError } from '../job/step-error.ts'
import { type MysqlTls, readTls, tlsVariables } from './tls.ts'

/** The variables of each step that reaches MySQL. */
export const mysqlVariables = {
  MYSQL_HOST: z.string().min(1).prefault('mysql'),
  MYSQL_PORT: wholeNumber(1, 65_535).prefault('3306'),
  MYSQL_USER: z.string().min(1).prefault('root'),
  MYSQL_PASSWORD_FILE: z.string().min(1).prefault('/run/secrets/mysql/password'),
  ...tlsVariables,
}
type MysqlVariables = z.output<z.ZodObject<typeof mysqlVariables>>

/** How to reach MySQL, and as whom. */
export interface MysqlAccount {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password: string
  readonly tls: MysqlTls
}

/** @throws {StepError} `PasswordMissing` or `CaMissing`, if a file of the Secret cannot be read */
export async function readAccount(variables: MysqlVariables): Promise<MysqlAccount> {
  const { MYSQL_HOST: host, MYSQL_PORT: port, MYSQL_USER: user } = variables
  const password = await readPassword(variables.MYSQL_PASSWORD_FILE)
  return { host, port, user, password, tls: await readTls(variables) }
}

async function readPassword(file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).replace(/\r?\n$/, '')
  } catch (error) {
    throw new StepError({
      type: 'PasswordMissing',
      message: `MySQL's password cannot be read from ${file}: ${error instanceof Error ? error.message : error}.`,
      remedy: 'The namespace needs a Secret `mysql` with a key `password`, and the Job has to mount it.',
      retryable: false,
      cause: error,
    })
  }
}
