import { z } from 'zod'
import { dropRestoredAnswerSchema } from '../../../src/domain/step-answers.ts'
import { runStep } from '../job/run-step.ts'
import { settings } from '../job/settings.ts'
import { withConnection } from '../mysql/connection.ts'
import { dropOwnedSchema, openOwnedSchemas } from '../mysql/owned-schemas.ts'
import { mysqlVariables, readAccount } from '../mysql/settings.ts'

const environment = z.object({ ...mysqlVariables, SCHEMAS: settings.schemas })

await runStep({ name: 'drop-restored', environment, answer: dropRestoredAnswerSchema }, async (variables, context) => {
  const account = await readAccount(variables)
  const dropped: string[] = []
  await withConnection(account, async (connection) => {
    await openOwnedSchemas(connection)
    for (const schema of variables.SCHEMAS) {
      const wasThere = await dropOwnedSchema(connection, schema, 'restored')
      context.log(wasThere ? `Dropped the schema \`${schema}\`.` : `There was no schema \`${schema}\`.`)
      if (wasThere) dropped.push(schema)
    }
  })
  return { dropped }
})
