// A program: does over MySQL's protocol what the stand-in of MySQL Shell is asked for, in the order of `Dumper::do_run` in MySQL
// Shell's source (modules/util/dump/dumper.cc) and of its help (`util.help('dump_schemas')`, at `consistent`). Its files with rows are
// hexadecimal, and no other program reads them.
import { once } from 'node:events'
import { createReadStream, createWriteStream } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
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

const orderSchema = z.discriminatedUnion('do', [
  z.object({
    do: z.literal('connect'),
    connection: z.object({ host: z.string(), port: z.number(), user: z.string(), password: z.string() }),
  }),
  z.object({ do: z.literal('runSql'), statement: z.string() }),
  z.object({
    do: z.literal('dump'),
    folder: z.string(),
    threads: z.number(),
    schemas: z.array(z.string()),
    tables: z.record(z.string(), z.array(z.string())),
    excluded: z.array(z.string()),
  }),
  z.object({
    do: z.literal('load'),
    folder: z.string(),
    options: z.object({
      schema: z.string(),
      includeSchemas: z.array(z.string()).optional(),
      includeTables: z.array(z.string()).optional(),
    }),
  }),
])
type Order = z.output<typeof orderSchema>
type Dump = Extract<Order, { do: 'dump' }>
type Load = Extract<Order, { do: 'load' }>

const columnRow = z.object({ name: z.string() })
const statusRow = z.object({ File: z.string(), Position: z.coerce.number() })
const gtidRow = z.object({ gtid: z.string() })

/** What MySQL Shell takes to look around before it locks, and between its transactions: whoever does not wait for it is found out. */
const PAUSE_MILLISECONDS = 100

let account: Parameters<typeof connect>[0]
let session: Connection

/** Of the files with rows: they are as the stand-in calls the tables' other files. */
const fileOf = (schema: string, table: string) => `${schema}@${table}@@0.tsv.zst`

async function work(order: Order): Promise<object> {
  switch (order.do) {
    case 'connect':
      account = order.connection
      session = await connect(account)
      return {}
    case 'runSql':
      await session.query(order.statement)
      return {}
    case 'dump':
      return await dump(order)
    case 'load':
      await load(order)
      return {}
  }
}

async function dump({ folder, threads, schemas, tables, excluded }: Dump): Promise<object> {
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
  const all = schemas.flatMap((schema) => (tables[schema] ?? []).map((table) => ({ schema, table })))
  for (const [index, { schema, table }] of all.entries()) {
    const worker = workers[index % threads]
    if (!worker || excluded.includes(`${quoteName(schema)}.${quoteName(table)}`)) continue
    await dumpTable(worker, join(folder, fileOf(schema, table)), schema, table)
  }
  for (const connection of [main, ...workers]) await connection.end()
  return { gtidExecuted: gtid, ...(status && { binlogFile: status.File, binlogPosition: status.Position }) }
}

async function startTransaction(connection: Connection): Promise<void> {
  await connection.query('SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ')
  await connection.query('START TRANSACTION WITH CONSISTENT SNAPSHOT')
}

async function dumpTable(connection: Connection, path: string, schema: string, table: string): Promise<void> {
  const columns = await columnsOf(connection, schema, table)
  const values = columns.map((name) => `COALESCE(HEX(CAST(${quoteName(name)} AS CHAR)), '\\\\N')`).join(', ')
  const file = createWriteStream(path)
  for await (const row of streamRows(connection, `SELECT ${values} FROM ${quoteName(schema)}.${quoteName(table)}`)) {
    if (!file.write(`${row.join('\t')}\n`)) await once(file, 'drain')
  }
  file.end()
  await once(file, 'close')
}

async function load({ folder, options }: Load): Promise<void> {
  const { schema: to, includeSchemas = [], includeTables } = options
  const files = (await readdir(folder)).filter((name) => name.endsWith('.tsv.zst'))
  for (const file of files) {
    const [schema = '', table = ''] = file.split('@')
    const isWanted =
      includeTables?.includes(`${quoteName(schema)}.${quoteName(table)}`) ?? includeSchemas.includes(schema)
    if (isWanted && (await readFile(join(folder, file), 'utf8')) !== '') await loadTable(join(folder, file), to, table)
  }
}

async function loadTable(path: string, schema: string, table: string): Promise<void> {
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
