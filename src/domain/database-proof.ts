import { once } from 'es-toolkit/function/once'
import { z } from 'zod'
import type { Database } from './database-name.ts'
import { backupIdSchema, namespaceSchema, schemaNameSchema } from './names.ts'

/** The name of the workflow's type: what a list of Temporal's asks for. */
export const DATABASE_PROOF = 'DatabaseProof'

/** All databases of which a proven backup is expected. */
export const WATCHED_QUERY = `WorkflowType = '${DATABASE_PROOF}' AND ExecutionStatus = 'Running'`

/** Those of them that have none: the one saved query of Temporal's UI that docs/schedules.md tells of. */
export const UNPROVEN_QUERY = `${WATCHED_QUERY} AND HoldfastProven = false`

/** Tells it of a new proof: a {@link ProvenBackup}. */
export const PROVEN_SIGNAL = 'proven'

/** Tells it what is expected from now on: an {@link Expectation}. */
export const EXPECT_SIGNAL = 'expect'

/** For how long a proof counts unless it is said otherwise: a day, and two hours for a night that takes longer. */
export const DEFAULT_PROVEN_WITHIN_HOURS = 26

const tenYearsInHours = 87_600
const withinHoursSchema = z.number().positive().max(tenYearsInHours)

/** A backup that was restored and found equal. */
export const provenBackupSchema = once(() =>
  z.strictObject({
    backupId: backupIdSchema(),
    /** Of one of its copies. */
    bytes: z.int().nonnegative(),
    /** When it was found equal, in milliseconds since 1970. */
    provenAt: z.number().positive(),
    /** The pipeline that made and proved it. */
    workflowId: z.string(),
  }),
)
export type ProvenBackup = Readonly<z.infer<ReturnType<typeof provenBackupSchema>>>

/** What is expected of a database: a proven backup that is no older than so. */
export const expectationSchema = once(() => z.strictObject({ withinHours: withinHoursSchema }))
export type Expectation = Readonly<z.infer<ReturnType<typeof expectationSchema>>>

/** What the workflow `DatabaseProof` begins with. */
export const databaseProofRequestSchema = once(() =>
  z.strictObject({
    namespace: namespaceSchema(),
    schemas: z.array(schemaNameSchema()).min(1).readonly(),
    withinHours: withinHoursSchema.default(DEFAULT_PROVEN_WITHIN_HOURS),
    /** The last one; absent while there is none. */
    last: provenBackupSchema().optional(),
  }),
)
export type DatabaseProofRequest = Readonly<z.infer<ReturnType<typeof databaseProofRequestSchema>>>

/** The workflow id of a database's proof. In whichever order its schemas are named, it is the same database. */
export function proofIdOf({ namespace, schemas }: Database): string {
  return `holdfast-proof:${namespace}/${schemas.toSorted().join(',')}`
}

/** When the proof is too old, in milliseconds since 1970; undefined where there is none. */
export function provenUntil({ withinHours, last }: Pick<DatabaseProofRequest, 'withinHours' | 'last'>) {
  return last === undefined ? undefined : last.provenAt + withinHours * 3_600_000
}
