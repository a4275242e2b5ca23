import type { Connection as CallbackConnection, TypeCastField } from 'mysql2'
import { type Connection, createConnection } from 'mysql2/promise'
import { z } from 'zod'
import { hasCode, StepError } from '../job/step-error.ts'
import type { MysqlAccount } from './settings.ts'
import { type MysqlTls, sslOption } from './tls.ts'

export type { Connection } from 'mysql2/promise'

const CONNECT_MILLISECONDS = 10_000
/** mysql2's word for a server that offers no TLS. */
const NO_TLS = 'HANDSHAKE_NO_SSL_SUPPORT'
/** mysql2's word for whatever ends a TLS handshake. */
const TLS_FAILED = 'HANDSHAKE_SSL_ERROR'

/**
 * Opens a connection.
 *
 * @throws {StepError} `MysqlUnreachable` (worth a retry), `MysqlAccessDenied`, `MysqlWithoutTls` or `MysqlNotTrusted` (not)
 */
export async function connect(account: MysqlAccount, database?: string): Promise<Connection> {
  try {
    return await connectBy(account, account.tls, database)
  } catch (error) {
    const isWithoutTls = account.tls.mode === 'PREFERRED' && hasCode(error, NO_TLS)
    if (!isWithoutTls) throw connectionError(account, error)
  }
  try {
    return await connectBy(account, { mode: 'DISABLED' }, database)
  } catch (error) {
    throw connectionError(account, error)
  }
}

async function connectBy(account: MysqlAccount, tls: MysqlTls, database: string | undefined): Promise<Connection> {
  const ssl = sslOption(tls)
  return await createConnection({
    host: account.host,
    port: account.port,
    user: account.user,
    password: account.password,
    ...(database === undefined ? {} : { database }),
    ...(ssl && { ssl }),
    charset: 'utf8mb4',
    connectTimeout: CONNECT_MILLISECONDS,
    supportBigNumbers: true,
    // Times and dates are handed on as MySQL writes them; none is computed with.
    dateStrings: true,
  })
}

/** Runs `work` with a connection that is closed afterwards, whatever comes. */
export async function withConnection<Result>(
  account: MysqlAccount,
  work: (connection: Connection) => Promise<Result>,
): Promise<Result> {
  const connection = await connect(account)
  // A connection that breaks while nothing is asked of it tells the next query; without a listener it would end the program.
  connection.on('error', () => {})
  try {
    return await work(connection)
  } finally {
    connection.destroy()
  }
}

/** Asks MySQL, and checks what comes back against the schema of one row. Values go in as `?`, names by {@link quoteName}. */
export async function query<Row extends z.ZodType>(
  connection: Connection,
  row: Row,
  sql: string,
  values: readonly (string | number | readonly string[])[] = [],
): Promise<z.output<Row>[]> {
  const [rows] = await connection.query(sql, [...values])
  const parsed = z.array(row).safeParse(rows)
  if (!parsed.success) throw new Error(`MySQL answered something else than expected to: ${sql} ${parsed.error}`)
  return parsed.data
}

/** The one row that a query answers. @throws {Error} if it answers none */
export async function queryOne<Row extends z.ZodType>(
  connection: Connection,
  row: Row,
  sql: string,
  values: readonly (string | number | readonly string[])[] = [],
): Promise<z.output<Row>> {
  const [first] = await query(connection, row, sql, values)
  if (first === undefined) throw new Error(`MySQL answered no row to: ${sql}`)
  return first
}

/** Values of a row as MySQL sends them. */
export type RawRow = readonly (Buffer | null)[]

/** Rows that are read ahead: one may have many megabytes. */
const ROWS_AHEAD = 4

/** Asks MySQL for more rows than fit into memory: they come as fast as they are taken. */
export function streamRows(connection: Connection, sql: string): AsyncIterable<RawRow> {
  if (!hasCallbackConnection(connection)) throw new Error('mysql2 has changed: its promises are over no connection.')
  const rows = connection.connection.query({
    sql,
    rowsAsArray: true,
    typeCast: (field: TypeCastField) => field.buffer(),
  })
  return rows.stream({ highWaterMark: ROWS_AHEAD })
}

/** Only connections with callbacks stream. mysql2's types do not name the one beneath. */
function hasCallbackConnection(
  connection: Connection,
): connection is Connection & { readonly connection: CallbackConnection } {
  return 'connection' in connection
}

/** A name of a schema, table or the like as SQL has it: in backticks, dots included. */
export function quoteName(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``
}

function connectionError(account: MysqlAccount, cause: unknown): StepError {
  const where = `MySQL at ${account.host}:${account.port}`
  const why =
    cause instanceof Error ? cause.message || ('code' in cause ? String(cause.code) : cause.name) : String(cause)
  const isDenied = hasCode(cause, 'ER_ACCESS_DENIED_ERROR', 'ER_DBACCESS_DENIED_ERROR', 'ER_HOST_NOT_PRIVILEGED')
  if (isDenied) {
    return new StepError({
      type: 'MysqlAccessDenied',
      message: `${where} does not let in the user ${account.user}: ${why}.`,
      remedy: "The Secret `mysql` and the user's password in MySQL differ: make them equal.",
      retryable: false,
      cause,
    })
  }
  if (hasCode(cause, NO_TLS)) {
    return new StepError({
      type: 'MysqlWithoutTls',
      message: `${where} offers no TLS, and none but such connections are wanted (${account.tls.mode}).`,
      remedy: 'Turn TLS on in MySQL, or choose the mode PREFERRED, where the network can be trusted.',
      retryable: false,
      cause,
    })
  }
  if (hasCode(cause, TLS_FAILED) && !isOfNetwork(cause)) {
    return new StepError({
      type: 'MysqlNotTrusted',
      message: `${where} and this step agree upon no TLS (${account.tls.mode}): ${why}.`,
      remedy:
        "`ca.crt` in the Secret with MySQL's password must have the authority that signed the server's certificate; with " +
        'VERIFY_IDENTITY the certificate must name the host.',
      retryable: false,
      cause,
    })
  }
  return new StepError({
    type: 'MysqlUnreachable',
    message: `${where} cannot be reached: ${why}.`,
    remedy: 'See whether its Deployment has a ready pod (kubectl get deployment,pods), and what its log says.',
    retryable: true,
    cause,
  })
}

/** mysql2 has written its own code over Node's: what Node says of a connection that broke is known by one of these properties. */
function isOfNetwork(cause: unknown): boolean {
  return typeof cause === 'object' && cause !== null && ('syscall' in cause || 'localAddress' in cause)
}
