import type { SampleData } from '../domain/backup-request.ts'
import { loadSampleDataAnswerSchema } from '../domain/step-answers.ts'
import type { StepActivities } from '../domain/step-inputs.ts'
import type { Dependencies } from './dependencies.ts'
import { runJob } from './run-job.ts'

/** Fills the database: by sysbench, or from a person's own SQL file. */
export function createLoadSampleData({ config, runner }: Dependencies): StepActivities['loadSampleData'] {
  return async ({ namespace, sampleData, schemas = [sampleData.schema], threads, ...policy }) =>
    await runJob(runner, policy, {
      purpose: 'loadSampleData',
      manifest: sampleData.kind === 'sysbench' ? 'load-sample-data' : 'load-sql',
      settings: {
        namespace,
        image: config.images.tools,
        env: { ...loadEnvironment(sampleData, threads), SCHEMAS: JSON.stringify(schemas) },
      },
      answer: loadSampleDataAnswerSchema(),
    })
}

function loadEnvironment(sampleData: SampleData, threads: number): Record<string, string> {
  switch (sampleData.kind) {
    case 'sysbench':
      return {
        SCHEMA: sampleData.schema,
        TABLES: String(sampleData.tables),
        ROWS_PER_TABLE: String(sampleData.rowsPerTable),
        THREADS: String(threads),
      }
    case 'sqlFile':
      return { SCHEMA: sampleData.schema, SQL_SHA256: sampleData.sha256 }
  }
}
