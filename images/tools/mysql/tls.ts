import { readFile } from 'node:fs/promises'
import type { ConnectionOptions } from 'mysql2'
import { z } from 'zod'
import { SSL_MODES } from '../../../src/domain/mysql-server.ts'
import { StepError } from '../job/step-error.ts'

/** The variables by which a step knows how its connections to MySQL are protected. */
export const tlsVariables = {
  /** As MySQL's own clients have it: `--ssl-mode`. */
  MYSQL_SSL_MODE: z.enum(SSL_MODES).prefault('PREFERRED'),
  /** The certificates of the authorities that are trusted, as PEM. Read where certificates are verified. */
  MYSQL_CA_FILE: z.string().min(1).prefault('/run/secrets/mysql/ca.crt'),
}
type TlsVariables = z.output<z.ZodObject<typeof tlsVariables>>

/** How a connection to MySQL is protected. */
export type MysqlTls =
  | { readonly mode: 'DISABLED' | 'PREFERRED' | 'REQUIRED' }
  | {
      readonly mode: 'VERIFY_CA' | 'VERIFY_IDENTITY'
      readonly caFile: string
      /** What the file has. */
      readonly ca: string
    }

/** @throws {StepError} `CaMissing`, if certificates are to be verified and there is nothing to do it by */
export async function readTls({ MYSQL_SSL_MODE: mode, MYSQL_CA_FILE: caFile }: TlsVariables): Promise<MysqlTls> {
  if (mode !== 'VERIFY_CA' && mode !== 'VERIFY_IDENTITY') return { mode }
  try {
    return { mode, caFile, ca: await readFile(caFile, 'utf8') }
  } catch (error) {
    throw new StepError({
      type: 'CaMissing',
      message: `The certificate of MySQL's server cannot be verified (${mode}): ${caFile} cannot be read: ${error instanceof Error ? error.message : error}.`,
      remedy: "Put the authority's certificate into the Secret that has MySQL's password, under the key `ca.crt`.",
      retryable: false,
      cause: error,
    })
  }
}

/**
 * The option `ssl` of mysql2, which offers no more than TLS or none: with it, a server without TLS is refused.
 *
 * @returns undefined for a connection without TLS
 */
export function sslOption(tls: MysqlTls): Exclude<ConnectionOptions['ssl'], string> {
  switch (tls.mode) {
    case 'DISABLED':
      return undefined
    case 'PREFERRED':
    case 'REQUIRED':
      return { rejectUnauthorized: false }
    case 'VERIFY_CA':
    case 'VERIFY_IDENTITY':
      return { ca: tls.ca, rejectUnauthorized: true, verifyIdentity: tls.mode === 'VERIFY_IDENTITY' }
  }
}

/** The same as options of MySQL's own programs, MySQL Shell among them. */
export function sslOptions(tls: MysqlTls): Readonly<Record<string, string>> {
  return {
    'ssl-mode': tls.mode,
    ...('caFile' in tls && { 'ssl-ca': tls.caFile }),
    // Without TLS, a password that the server has not seen yet is encrypted by its public key, as mysql2 does by itself.
    ...((tls.mode === 'DISABLED' || tls.mode === 'PREFERRED') && { 'get-server-public-key': 'true' }),
  }
}
