import { once } from 'es-toolkit/function/once'
import { z } from 'zod'
import { stepReportSchema } from './backup-result.ts'
import { byName } from './by-name.ts'
import { encryptionSchema } from './encryption.ts'
import { engineNameSchema } from './engines.ts'
import { backupIdSchema, fileNameSchema } from './names.ts'
import { differenceSchema } from './step-answers.ts'

const count = z.int().nonnegative()
const sha256 = z.string().regex(/^[0-9a-f]{64}$/)
const time = z.iso.datetime()

/** A pipeline, as Temporal knows it. */
export const pipelineRunSchema = once(() => z.strictObject({ workflowId: z.string(), runId: z.string() }))
export type PipelineRun = z.infer<ReturnType<typeof pipelineRunSchema>>

/** What the pipeline tells of a backup, beside what its dump says of itself. */
export const backupOriginSchema = once(() =>
  z.strictObject({
    pipeline: pipelineRunSchema(),
    /** As it was checked at the door, defaults filled in. */
    request: z.record(z.string(), z.unknown()),
    /** The steps before the record was written. */
    steps: z.array(stepReportSchema()).readonly(),
  }),
)
export type BackupOrigin = z.infer<ReturnType<typeof backupOriginSchema>>

/** The server that was dumped, and how. */
export const dumpFactsSchema = once(() =>
  z.strictObject({
    /** What dumped the rows. Definitions are dumped by MySQL's own clients whatever it is. */
    engine: z.strictObject({ name: engineNameSchema(), version: z.string() }),
    server: z.strictObject({
      version: z.string(),
      /** Its global variables by which SQL is read and data are kept. */
      settings: z.record(z.string(), z.string()),
      /** The GTID set of the snapshot; empty where the server has none. */
      gtidExecuted: z.string(),
      /** Null where the server keeps no binary log. */
      binaryLog: z.strictObject({ file: z.string(), position: count }).nullable(),
    }),
    /** For how long writes to the database stood still, in milliseconds. */
    lockedMilliseconds: z.number().nonnegative(),
    /** Tables whose engine has no snapshots, to which nobody could write until they were dumped. */
    withoutSnapshots: z.strictObject({
      tables: z.array(z.strictObject({ schema: z.string(), name: z.string(), engine: z.string() })),
      lockedMilliseconds: z.number().nonnegative(),
    }),
    schemas: byName(
      z.string(),
      z.strictObject({ characterSet: z.string(), collation: z.string(), tables: count, rows: count }),
    ),
    /** Of all its files but the manifest. Absent in those of before there was any: they are not encrypted. */
    encryption: encryptionSchema().optional(),
  }),
)

/** An object of a backup, by its name below the backup's folder. */
export const backupObjectSchema = once(() =>
  z.strictObject({
    name: fileNameSchema(),
    bytes: count,
    sha256,
  }),
)
export type BackupObject = z.infer<ReturnType<typeof backupObjectSchema>>

const recordBodySchema = z.strictObject({
  version: z.literal(1),
  backupId: backupIdSchema(),
  startedAt: time,
  ...backupOriginSchema().shape,
  ...dumpFactsSchema().shape,
  /** All that lies in `backup1/<backup id>/`, and in the same way in `backup2/<backup id>/`. */
  objects: z.array(backupObjectSchema()).min(1),
})
/** What a record says, all but its own hash. */
export type BackupRecordBody = z.infer<typeof recordBodySchema>

/** `backup.json`: what a backup holds. It is written last and once; what has none is no backup. */
export const backupRecordSchema = once(() =>
  recordBodySchema.extend({
    /** Of all that stands before it, as JSON without spaces. */
    sha256,
  }),
)
export type BackupRecord = z.infer<ReturnType<typeof backupRecordSchema>>

/** What came of restoring a backup and comparing: one object for each time. */
export const backupProofSchema = once(() =>
  z.strictObject({
    version: z.literal(1),
    backupId: backupIdSchema(),
    provenAt: time,
    pipeline: pipelineRunSchema(),
    /** Which schema was restored into which. */
    schemaMapping: byName(z.string(), z.string()),
    tableCount: count,
    objectCount: count,
    differenceCount: count,
    /** The first ones. */
    differences: z.array(differenceSchema()),
  }),
)
export type BackupProof = z.infer<ReturnType<typeof backupProofSchema>>
