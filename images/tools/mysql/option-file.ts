import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { MysqlAccount } from './settings.ts'
import { sslOptions } from './tls.ts'

/** What the backslash escapes of MySQL's option files stand for, turned round. */
const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '"': '\\"',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\b': '\\b',
}

/** The text of an option file for MySQL's own clients: in it, a password is seen neither by `ps` nor in a log. */
export function optionFileText(account: MysqlAccount): string {
  return [
    '[client]',
    'protocol=tcp',
    `host=${quote(account.host)}`,
    `port=${account.port}`,
    `user=${quote(account.user)}`,
    `password=${quote(account.password)}`,
    ...Object.entries(sslOptions(account.tls)).map(([name, value]) => `${name}=${quote(value)}`),
    '',
  ].join('\n')
}

/**
 * The text of a configuration file for sysbench, whose format has no escapes. It speaks without TLS: for that, it would want a
 * certificate of its own.
 *
 * @throws {Error} for a password with other characters than letters and digits
 */
export function sysbenchFileText(account: MysqlAccount): string {
  if (!/^[0-9A-Za-z]+$/.test(account.password)) throw new Error('sysbench cannot read this password from a file.')
  return [
    `mysql-host=${account.host}`,
    `mysql-port=${account.port}`,
    `mysql-user=${account.user}`,
    `mysql-password=${account.password}`,
    '',
  ].join('\n')
}

/** Runs `work` with a file of this text, which only this user can read and which is removed afterwards. */
export async function withSecretFile<Result>(text: string, work: (path: string) => Promise<Result>): Promise<Result> {
  const directory = await mkdtemp(join(tmpdir(), 'holdfast-'))
  try {
    const path = join(directory, 'options.cnf')
    await writeFile(path, text, { mode: 0o600 })
    return await work(path)
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

function quote(value: string): string {
  return `"${value.replaceAll(/[\\"\n\r\t\b]/g, (character) => ESCAPES[character] ?? character)}"`
}
