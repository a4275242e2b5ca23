import { Readable } from 'node:stream'
import { z } from 'zod'
import { swapNames } from '../../../src/domain/swap-names.ts'
import { runStep } from '../job/run-step.ts'
import { settings } from '../job/settings.ts'
import { withConnection } from '../mysql/connection.ts'
import { loadSql } from '../mysql/load-file.ts'
import { optionFileText, withSecretFile } from '../mysql/option-file.ts'
import { openOwnedSchemas } from '../mysql/owned-schemas.ts'
import { mysqlVariables, readAccount } from '../mysql/settings.ts'
import { openSetAside } from '../restore/set-aside.ts'
import { swapBack } from '../restore/swap-schema.ts'

const environment = z.object({
  ...mysqlVariables,
  SCHEMA_MAPPING: settings.schemaMapping,
  /** Whose restore it was: the schemas beside are named after it. */
  PIPELINE: settings.pipeline,
})
const answer = z.strictObject({ schemas: z.int().nonnegative() })

await runStep({ name: 'swap-back', environment, answer }, async (variables, context) => {
  const account = await readAccount(variables)
  let schemas = 0
  await withSecretFile(optionFileText(account), (optionFile) =>
    withConnection(account, async (connection) => {
      await openOwnedSchemas(connection)
      await openSetAside(connection)
      for (const target of Object.values(variables.SCHEMA_MAPPING)) {
        const swap = { target, ...swapNames(target, variables.PIPELINE.runId) }
        const load = (sql: string) => loadSql(context.children, optionFile, target, Readable.from([sql]))
        const wasSwapped = await swapBack(connection, swap, variables.PIPELINE.runId, load)
        context.log(wasSwapped ? `\`${target}\` is what it was.` : `\`${target}\` was not touched.`)
        if (wasSwapped) schemas += 1
      }
    }),
  )
  return { schemas }
})
