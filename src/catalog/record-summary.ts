import { z } from 'zod'
import type { BackupRecord } from '../domain/backup-record.ts'
import { backupIdSchema } from '../domain/names.ts'

const count = z.int().nonnegative()

/** The steps that make a backup. Others of its pipeline prepare, or prove it. */
const MAKING_STEPS: readonly string[] = ['dump', 'upload', 'dumpAndUpload', 'copy']

/** What a report needs of a record, which never changes: so it may be kept, and the record need not be read again. */
export const recordSummarySchema = z.strictObject({
  backupId: backupIdSchema(),
  /** Where the database is; empty where the request does not say so. */
  namespace: z.string(),
  /** In the order in which the request names them. */
  schemas: z.array(z.string()).readonly(),
  /** Of the pipeline's run. */
  runId: z.string(),
  /** Of one copy. */
  bytes: count,
  tables: count,
  rows: count,
  /** What dump, upload and copy took together. */
  seconds: z.number().nonnegative(),
})
export type RecordSummary = z.infer<typeof recordSummarySchema>

const requestSchema = z.object({ namespace: z.string().catch('') })

export function summaryOf({ backupId, request, pipeline, schemas, objects, steps }: BackupRecord): RecordSummary {
  const contents = Object.values(schemas)
  return {
    backupId,
    namespace: requestSchema.parse(request).namespace,
    schemas: schemasOf(request, Object.keys(schemas)),
    runId: pipeline.runId,
    bytes: sum(objects.map(({ bytes }) => bytes)),
    tables: sum(contents.map(({ tables }) => tables)),
    rows: sum(contents.map(({ rows }) => rows)),
    seconds: sum(steps.filter(({ name }) => MAKING_STEPS.includes(name)).map(({ seconds }) => seconds)),
  }
}

/** As the request has them, by which lists of Temporal's name the database. */
function schemasOf(request: BackupRecord['request'], dumped: readonly string[]): readonly string[] {
  const named = z.array(z.string()).min(1).safeParse(request.schemas)
  return named.success ? named.data : dumped
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0)
}
