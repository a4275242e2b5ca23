import { z } from 'zod'
import { dropRestoredAnswerSchema } from '../../../src/domain/step-answers.ts'
import { runStep } from '../job/run-step.ts'
import { settings } from '../job/settings.ts'
import { withConnection } from '../mysql/connection.ts'
import { openOwnedSchemas } from '../mysql/owned-schemas.ts'
import { mysqlVariables, readAccount } from '../mysql/settings.ts'
import { dropTargetSchema } from '../restore/target-schema.ts'

const environment = z.object({
  ...mysqlVariables,
  SCHEMAS: settings.schemas,
  PURPOSE: settings.purpose,
  /** Whose restore is taken back. */
  PIPELINE: settings.pipeline,
})

await runStep(
  { name: 'drop-restored', environment, answer: dropRestoredAnswerSchema() },
  async (variables, context) => {
    const account = await readAccount(variables)
    const restoration = { purpose: variables.PURPOSE, runId: variables.PIPELINE.runId }
    const dropped: string[] = []
    await withConnection(account, async (connection) => {
      await openOwnedSchemas(connection)
      for (const schema of variables.SCHEMAS) {
        const wasThere = await dropTargetSchema(connection, schema, restoration)
        context.log(wasThere ? `Dropped the schema \`${schema}\`.` : `Nothing was restored into \`${schema}\`.`)
        if (wasThere) dropped.push(schema)
      }
    })
    return { dropped }
  },
)
