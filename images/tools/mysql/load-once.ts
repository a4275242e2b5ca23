import type { z } from 'zod'
import type { loadSampleDataAnswerSchema } from '../../../src/domain/step-answers.ts'
import type { Connection } from './connection.ts'
import {
  createOwnedSchema,
  describeOwnedSchema,
  dropOwnedSchema,
  findOwnedSchema,
  openOwnedSchemas,
} from './owned-schemas.ts'
import { analyzeTables, countAllRows, measureSchemas } from './tables.ts'

/** How a schema is filled. */
interface LoadSteps {
  /** What has to hold before anything is dropped or made. */
  readonly check?: () => Promise<void>
  readonly load: () => Promise<void>
}

/**
 * Fills a sample schema unless it holds these very data already. Data that are not whole, or others of Holdfast's own, are
 * removed first.
 *
 * @param backedUp schemas whose size is asked for afterwards
 * @param detail says which data. It is written down when they are whole
 * @throws {StepError} `SchemaNotOwned`, if the schema is somebody else's
 */
export async function loadOnce(
  connection: Connection,
  schema: string,
  backedUp: readonly string[],
  detail: string,
  steps: LoadSteps,
): Promise<z.output<ReturnType<typeof loadSampleDataAnswerSchema>>> {
  await openOwnedSchemas(connection)
  const owned = await findOwnedSchema(connection, schema, 'sample')
  const isLoaded = owned?.detail === detail
  if (!isLoaded) {
    await steps.check?.()
    await dropOwnedSchema(connection, schema, 'sample')
    await createOwnedSchema(connection, schema, 'sample')
    await steps.load()
    await describeOwnedSchema(connection, schema, detail)
    await analyzeTables(connection, schema)
  }
  const databaseBytes = await measureSchemas(connection, backedUp)
  return { schema, ...(await countAllRows(connection, schema)), loaded: !isLoaded, databaseBytes }
}
