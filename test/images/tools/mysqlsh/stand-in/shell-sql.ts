// A program: does over MySQL's protocol what the stand-in of MySQL Shell is asked for, in the order of `Dumper::do_run` in MySQL
// Shell's source (modules/util/dump/dumper.cc) and of its help (`util.help('dump_schemas')`, at `consistent`). Its files with rows are
// hexadecimal, and no other program reads them.
import { once } from 'node:events'
import { createReadStream, createWriteStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import {
  type Connection,
  connect,
  query,
  queryOne,
  quoteName,
  streamRows,
} from '../../../../../images/tools/mysql/connection.ts'
import type { MysqlAccount } from '../../../../../images/tools/mysql/settings.ts'

/** Of a table, and the file that has them. */
const rowsSchema = z.object({ schema: z.string(), table: z.string(), path: z.string() })
type Rows = z.output<typeof rowsSchema>

const accountSchema = z.object({ host: z.string(), port: z.number(), user: z.string(), password: z.string() })

const orderSchema = z.discriminatedUnion('do', [
  z.object({ do: z.literal('connect'), connection: accountSchema }),
  z.object({ do: z.literal('runSql'), statement: z.string() }),
  z.object({ do: z.literal('dump'), threads: z.number(), rows: z.array(rowsSchema) }),
  z.object({ do: z.literal('load'), rows: z.array(rowsSchema) }),
])
type Order = z.output<typeof orderSchema>
const columnRow = z.object({ name: z.string() })
const statusRow = z.object({ File: z.string(), Position: z.coerce.number() })
const gtidRow = z.object({ gtid: z.string() })

/** What MySQL Shell takes to look around before it locks, and between its transactions: whoever does not wait for it is found out. */
const PAUSE_MILLISECONDS = 100

let account: MysqlAccount
let session: Connection

async function work(order: Order): Promise<object> {
  switch (order.do) {
    case 'connect':
      account = { ...order.connection, tls: { mode: 'PREFERRED' } }
      session = await connect(account)
      return {}
    case 'runSql':
      await session.query(order.statement)
      return {}
    case 'dump':
      return await dump(order.threads, order.rows)
    case 'load':
      for (const rows of order.rows) await loadTable(rows)
      return {}
  }
}

async function dump(threads: number, all: readonly Rows[]): Promise<object> {
  const main = await connect(account)
  await pause(PAUSE_MILLISECONDS)
  await main.query('FLUSH NO_WRITE_TO_BINLOG TABLES')
  await main.query('FLUSH TABLES WITH READ LOCK')
  await startTransaction(main)
  await pause(PAUSE_MILLISECONDS)
  const workers = await Promise.all(Array.from({ length: threads }, () => connect(account)))
  await Promise.all(workers.map(startTransaction))
  const { gtid } = await queryOne(main, gtidRow, 'SELECT @@GLOBAL.gtid_executed AS gtid')
  const [status] = await query(main, statusRow, 'SHOW BINARY LOG STATUS')
  await main.query('LOCK INSTANCE FOR BACKUP')
  await main.query('UNLOCK TABLES')
  for (const [index, rows] of all.entries()) await dumpTable(workers[index % threads] ?? main, rows)
  for (const connection of [main, ...workers]) await connection.end()
  return { gtidExecuted: gtid, ...(status && { binlogFile: status.File, binlogPosition: status.Position }) }
}

async function startTransaction(connection: Connection): Promise<void> {
  await connection.query('SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ')
  await connection.query('START TRANSACTION WITH CONSISTENT SNAPSHOT')
}

async function dumpTable(connection: Connection, { path, schema, table }: Rows): Promise<void> {
  const columns = await columnsOf(connection, schema, table)
  const values = columns.map((name) => `COALESCE(HEX(CAST(${quoteName(name)} AS CHAR)), '\\\\N')`).join(', ')
  const file = createWriteStream(path)
  for await (const row of streamRows(connection, `SELECT ${values} FROM ${quoteName(schema)}.${quoteName(table)}`)) {
    if (!file.write(`${row.join('\t')}\n`)) await once(file, 'drain')
  }
  file.end()
  await once(file, 'close')
}

async function loadTable({ path, schema, table }: Rows): Promise<void> {
  const columns = await columnsOf(session, schema, table)
  const variables = columns.map((_, index) => `@c${index}`)
  const values = columns.map((name, index) => `${quoteName(name)} = CONVERT(UNHEX(@c${index}) USING utf8mb4)`)
  await session.query('SET SESSION foreign_key_checks = 0, unique_checks = 0')
  await session.query({
    sql: `LOAD DATA LOCAL INFILE 'rows' INTO TABLE ${quoteName(schema)}.${quoteName(table)} (${variables}) SET ${values.join(', ')}`,
    infileStreamFactory: () => createReadStream(path),
  })
}

async function columnsOf(connection: Connection, schema: string, table: string): Promise<string[]> {
  const sql = `SELECT column_name AS name FROM information_schema.columns WHERE table_schema = ? AND table_name = ?
    AND generation_expression = '' ORDER BY ordinal_position`
  return (await query(connection, columnRow, sql, [schema, table])).map(({ name }) => name)
}

for await (const line of createInterface(process.stdin)) {
  const answer = await work(orderSchema.parse(JSON.parse(line))).catch((error: unknown) => ({ error: String(error) }))
  process.stdout.write(`${JSON.stringify(answer)}\n`)
}
process.exit()
