import { z } from 'zod'
import { loadSampleDataAnswerSchema } from '../../../src/domain/step-answers.ts'
import { ChildError } from '../job/children.ts'
import { runStep, type StepContext } from '../job/run-step.ts'
import { settings, wholeNumber } from '../job/settings.ts'
import { StepError } from '../job/step-error.ts'
import { withConfinedUser } from '../mysql/confined-user.ts'
import { type Connection, queryOne, withConnection } from '../mysql/connection.ts'
import { loadOnce } from '../mysql/load-once.ts'
import { sysbenchFileText, withSecretFile } from '../mysql/option-file.ts'
import { type MysqlAccount, mysqlVariables, readAccount } from '../mysql/settings.ts'

const environment = z.object({
  ...mysqlVariables,
  SCHEMA: settings.schema.prefault('sbtest'),
  TABLES: wholeNumber(1, 1000).prefault('4'),
  ROWS_PER_TABLE: wholeNumber(1, 100_000_000).prefault('100000'),
  THREADS: settings.threads,
  /** Those that will be backed up. */
  SCHEMAS: settings.schemas.optional(),
})
type Variables = z.output<typeof environment>

await runStep(
  { name: 'load-sample-data', environment, answer: loadSampleDataAnswerSchema() },
  async (variables, context) => {
    const account = await readAccount(variables)
    const { SCHEMA: schema, SCHEMAS: backedUp = [schema], TABLES: tables, ROWS_PER_TABLE: rowsPerTable } = variables
    return await withConnection(account, (connection) =>
      loadOnce(connection, schema, backedUp, JSON.stringify({ tool: 'sysbench', tables, rowsPerTable }), {
        load: () =>
          withConfinedUser(connection, account, schema, 'drop', (confined) =>
            prepare(connection, confined, variables, context),
          ),
      }),
    )
  },
)

async function prepare(
  connection: Connection,
  account: MysqlAccount,
  variables: Variables,
  context: StepContext,
): Promise<void> {
  const { SCHEMA, TABLES, ROWS_PER_TABLE, THREADS } = variables
  const total = TABLES * ROWS_PER_TABLE
  const before = await insertedRows(connection)
  await withSecretFile(sysbenchFileText(account), async (file) => {
    const args = [
      `--config-file=${file}`,
      `--mysql-db=${SCHEMA}`,
      `--tables=${TABLES}`,
      `--table-size=${ROWS_PER_TABLE}`,
      // More threads than tables would have nothing to do.
      `--threads=${Math.min(THREADS, TABLES)}`,
      'oltp_read_write',
      'prepare',
    ]
    const sysbench = context.children.start('sysbench', args, { onLine: context.log })
    await context.progress.during(sysbench.ended, async () => {
      const rows = Math.min(total, (await insertedRows(connection)) - before)
      return { rows, percent: (100 * rows) / total }
    })
  }).catch((error) => {
    throw error instanceof ChildError ? loadFailed(SCHEMA, error) : error
  })
}

/** Rows inserted into the server since it started: by others as well, so good for progress and for nothing else. */
async function insertedRows(connection: Connection): Promise<number> {
  const row = z.object({ Value: z.coerce.number() })
  const { Value } = await queryOne(connection, row, "SHOW GLOBAL STATUS LIKE 'Innodb_rows_inserted'")
  return Value
}

function loadFailed(schema: string, cause: ChildError): StepError {
  return new StepError({
    type: 'LoadFailed',
    message: `sysbench could not fill \`${schema}\`: ${cause.message}.`,
    remedy: 'The next try removes what was loaded and begins again.',
    retryable: true,
    cause,
  })
}
