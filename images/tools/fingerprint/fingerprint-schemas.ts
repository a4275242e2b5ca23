import { connect } from '../mysql/connection.ts'
import type { MysqlAccount } from '../mysql/settings.ts'
import { listTables } from '../mysql/tables.ts'
import { readSchemaObjects, type SchemaObjects } from '../schema/schema-objects.ts'
import type { Fingerprint } from './fingerprint.ts'
import { fingerprintOf, fingerprintTables } from './take-fingerprint.ts'

/**
 * Takes the fingerprint of schemas as they are now, in no common snapshot: nobody may write to them. A schema that does not
 * exist is left out.
 */
export async function fingerprintSchemas(
  account: MysqlAccount,
  schemas: readonly string[],
  threads: number,
): Promise<Fingerprint> {
  const first = await connect(account)
  const connections = [first]
  try {
    const tables = []
    const objects = new Map<string, SchemaObjects>()
    for (const schema of schemas) {
      const found = await readSchemaObjects(first, schema)
      if (!found) continue
      objects.set(schema, found)
      for (const { name, bytes } of await listTables(first, schema)) tables.push({ schema, name, bytes })
    }
    tables.sort((one, other) => other.bytes - one.bytes)
    while (connections.length < Math.min(threads, tables.length)) connections.push(await connect(account))
    return fingerprintOf(objects, await fingerprintTables(connections, tables))
  } finally {
    for (const connection of connections) connection.destroy()
  }
}
