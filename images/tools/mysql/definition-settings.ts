import type { Connection } from './connection.ts'

/**
 * Has MySQL write definitions in one way, whatever its global settings are: quotes and literals follow the session's SQL mode,
 * times its time zone. Statistics are those of now.
 */
export async function useDefinitionSettings(connection: Connection): Promise<void> {
  await connection.query(
    "SET SESSION sql_mode = '', time_zone = '+00:00', sql_quote_show_create = 1, information_schema_stats_expiry = 0",
  )
}
