import { once } from 'es-toolkit/function/once'
import { z } from 'zod'
import { encryptionSchema } from './encryption.ts'
import { engineNameSchema } from './engines.ts'
import { backupIdSchema } from './names.ts'

/**
 * What each step's Job answers: one JSON object of at most 4 KiB, written by the program in the pod to the container's
 * termination message and validated by the activity that follows the Job. Both sides use these schemas.
 */

/** Kubernetes cuts a termination message at this many bytes (kubelet: `MaxContainerTerminationMessageLength`). */
export const ANSWER_MAX_BYTES = 4096

const count = z.int().nonnegative()
const bytes = z.int().nonnegative()

/** Of the rows of all schemas that are to be backed up, as MySQL keeps them. Absent in answers of before it was asked for. */
const databaseBytes = bytes.optional()

/** One table of a schema as the source had it and as the restored schema has it. */
export const tableComparisonSchema = once(() =>
  z.strictObject({
    name: z.string(),
    sourceRows: count,
    /** Null where the table is missing from the restored schema. */
    restoredRows: count.nullable(),
    checksumEqual: z.boolean(),
  }),
)

/** Terraform's outputs, and whether anything had to be changed to get there. */
export const provisionAnswerSchema = once(() =>
  z.strictObject({
    changed: z.boolean(),
    added: count,
    updated: count,
    destroyed: count,
    outputs: z.record(z.string(), z.string()),
  }),
)

export const deployMysqlAnswerSchema = once(() =>
  z.strictObject({
    serverVersion: z.string(),
    databaseBytes,
  }),
)

export const loadSampleDataAnswerSchema = once(() =>
  z.strictObject({
    schema: z.string(),
    tables: count,
    rows: count,
    /** False where the data were there already and nothing was done. */
    loaded: z.boolean(),
    databaseBytes,
  }),
)

/** Tables whose engine has no snapshots: others could not write to them until they were dumped. */
export const withoutSnapshotsSchema = once(() =>
  z.strictObject({
    tables: count,
    /** For how long, in milliseconds. */
    lockedMilliseconds: z.number().nonnegative(),
  }),
)

export const dumpAnswerSchema = once(() =>
  z.strictObject({
    tables: count,
    rows: count,
    /** Of the dump's files, as they lie on the volume. */
    bytes,
    files: count,
    /** Of its files. Absent in answers of before there was any. */
    encryption: encryptionSchema().optional(),
    /** For how long writes to the database stood still, in milliseconds. */
    lockedMilliseconds: z.number().nonnegative(),
    withoutSnapshots: withoutSnapshotsSchema(),
    /** Absent in answers of before there was a choice: `mysqldump`. */
    engine: engineNameSchema().optional(),
  }),
)

export const uploadAnswerSchema = once(() =>
  z.strictObject({
    prefix: z.string(),
    objects: count,
    bytes,
    /** Bytes that went through the pod. Less than `bytes` where a try before this one had uploaded some of them. */
    transferredBytes: bytes,
  }),
)

/** What two steps would have answered, of one that does both. */
export const dumpAndUploadAnswerSchema = once(() =>
  z.strictObject({ dump: dumpAnswerSchema(), upload: uploadAnswerSchema() }),
)

export const copyAnswerSchema = once(() =>
  z.strictObject({
    prefix: z.string(),
    /** The key of the record that makes it a backup. */
    record: z.string(),
    objects: count,
    bytes,
    /** Bytes that went through the pod: 0 for a copy that S3 made by itself. */
    transferredBytes: bytes,
    serverSideCopies: count,
  }),
)

/** The backup that a restore is of. */
export const findBackupAnswerSchema = once(() =>
  z.strictObject({
    backupId: backupIdSchema(),
    /** All that it holds. */
    schemas: z.array(z.string()),
    /** Of one of its copies. */
    bytes,
    /** Absent in answers of before there was a choice: `mysqldump`. */
    engine: engineNameSchema().optional(),
  }),
)

export const restoreAnswerSchema = once(() =>
  z.strictObject({
    /** The schemas that were written, by the names they have now. */
    schemas: z.array(z.string()),
    tables: count,
    bytes,
  }),
)

/** What a schema holds beside base tables. */
export const OBJECT_KINDS = ['view', 'function', 'procedure', 'trigger', 'event'] as const

/** What of a restored schema is not as it was dumped. */
export const differenceSchema = once(() =>
  z.strictObject({
    kind: z.enum(['schema', 'table', ...OBJECT_KINDS]),
    name: z.string(),
    /** In words that go on where the name ends: "is missing". */
    what: z.string(),
  }),
)

export const verifyAnswerSchema = once(() =>
  z.strictObject({
    tableCount: count,
    /** Views, routines, triggers and events. */
    objectCount: count,
    /** 0 where what was restored equals what was dumped. */
    differenceCount: count,
    /** As many as the answer has room for. */
    differences: z.array(differenceSchema()),
    /** As many tables as the answer has room for, those that differ first. */
    tables: z.array(tableComparisonSchema()),
  }),
)

/** What the exchange of schemas for restored ones did. */
export const swapAnswerSchema = once(() =>
  z.strictObject({
    schemas: count,
    /** Those that came in. */
    tables: count,
  }),
)

/** What the undo of restore did. */
export const dropRestoredAnswerSchema = once(() =>
  z.strictObject({
    /** Those that were there. */
    dropped: z.array(z.string()),
  }),
)

/** What the undo of upload and of copy did. */
export const deleteObjectsAnswerSchema = once(() =>
  z.strictObject({
    prefixes: z.array(z.string()),
    objects: count,
  }),
)

/** What a pruning did, or would have done. */
export const pruneBackupsAnswerSchema = once(() =>
  z.strictObject({
    mode: z.enum(['plan', 'delete']),
    kept: count,
    deleted: count,
    /** The ids of those that were, or would have been, deleted: as many as the answer has room for, newest first. */
    backups: z.array(z.string()),
  }),
)

export type WithoutSnapshots = z.infer<ReturnType<typeof withoutSnapshotsSchema>>
export type SwapAnswer = z.infer<ReturnType<typeof swapAnswerSchema>>
export type FindBackupAnswer = z.infer<ReturnType<typeof findBackupAnswerSchema>>
export type PruneBackupsAnswer = z.infer<ReturnType<typeof pruneBackupsAnswerSchema>>
export type Difference = z.infer<ReturnType<typeof differenceSchema>>
export type TableComparison = z.infer<ReturnType<typeof tableComparisonSchema>>
export type ProvisionAnswer = z.infer<ReturnType<typeof provisionAnswerSchema>>
export type DeployMysqlAnswer = z.infer<ReturnType<typeof deployMysqlAnswerSchema>>
export type LoadSampleDataAnswer = z.infer<ReturnType<typeof loadSampleDataAnswerSchema>>
export type DumpAnswer = z.infer<ReturnType<typeof dumpAnswerSchema>>
export type UploadAnswer = z.infer<ReturnType<typeof uploadAnswerSchema>>
export type DumpAndUploadAnswer = z.infer<ReturnType<typeof dumpAndUploadAnswerSchema>>
export type CopyAnswer = z.infer<ReturnType<typeof copyAnswerSchema>>
export type RestoreAnswer = z.infer<ReturnType<typeof restoreAnswerSchema>>
export type VerifyAnswer = z.infer<ReturnType<typeof verifyAnswerSchema>>
export type DropRestoredAnswer = z.infer<ReturnType<typeof dropRestoredAnswerSchema>>
export type DeleteObjectsAnswer = z.infer<ReturnType<typeof deleteObjectsAnswerSchema>>

/**
 * What a step's program writes in place of its answer when it fails, before it exits with a code other than 0. `type` is a
 * word for the program that reads it, `message` is for a person: what, where, why, and what to do.
 */
export const stepFailureSchema = once(() =>
  z.strictObject({
    failure: z.strictObject({
      type: z.string(),
      message: z.string(),
      /** Whether the same Job, submitted again, may succeed. */
      retryable: z.boolean(),
    }),
  }),
)

/** One line that a step's program prints to its log about once a second while it works. Absent means not known. */
export const stepProgressSchema = once(() =>
  z.strictObject({
    progress: z.strictObject({
      percent: z.number().min(0).max(100).optional(),
      bytes: bytes.optional(),
      totalBytes: bytes.optional(),
      rows: count.optional(),
      /** How fast it went over the last seconds. */
      bytesPerSecond: bytes.optional(),
      rowsPerSecond: count.optional(),
      /** How long it would take to the end at this pace. */
      secondsLeft: count.optional(),
    }),
  }),
)

export type StepFailure = z.infer<ReturnType<typeof stepFailureSchema>>
export type StepProgress = z.infer<ReturnType<typeof stepProgressSchema>>
