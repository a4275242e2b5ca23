import { z } from 'zod'
import { type Connection, query, queryOne } from '../mysql/connection.ts'

/** The server of a dump. */
export interface ServerFacts {
  readonly version: string
  readonly settings: Readonly<Record<string, string>>
}

/** Global variables by which a server reads SQL and keeps data: what another one should be like to take the backup. */
const SETTINGS = [
  'character_set_server',
  'collation_server',
  'default_storage_engine',
  'explicit_defaults_for_timestamp',
  'innodb_default_row_format',
  'innodb_page_size',
  'log_bin_trust_function_creators',
  'lower_case_table_names',
  'max_allowed_packet',
  'sql_mode',
  'sql_require_primary_key',
  'system_time_zone',
  'time_zone',
]

const settingRow = z.object({ Variable_name: z.string(), Value: z.string() })

/** Reads what server it is. A setting that its version does not know is left out. */
export async function readServerFacts(connection: Connection): Promise<ServerFacts> {
  const { version } = await queryOne(connection, z.object({ version: z.string() }), 'SELECT VERSION() AS version')
  const sql = 'SHOW GLOBAL VARIABLES WHERE Variable_name IN (?)'
  const rows = await query(connection, settingRow, sql, [SETTINGS])
  return { version, settings: Object.fromEntries(rows.map(({ Variable_name: name, Value: value }) => [name, value])) }
}
