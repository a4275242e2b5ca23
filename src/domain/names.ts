import { once } from 'es-toolkit/function/once'
import { z } from 'zod'

/** Names a backup: its folder under `backup1/` and `backup2/`. Sorts by the time at which its pipeline started. */
export const backupIdSchema = once(() =>
  z
    .string()
    .regex(/^\d{8}T\d{6}Z-[0-9a-f]{8}$/, 'a backup id looks like 20260131T235959Z-1a2b3c4d')
    .brand<'BackupId'>(),
)
export type BackupId = z.infer<ReturnType<typeof backupIdSchema>>

/** Schemas that belong to MySQL itself, or to Holdfast's own bookkeeping: never loaded into, dumped or restored. */
const RESERVED_SCHEMAS = new Set(['mysql', 'sys', 'information_schema', 'performance_schema', 'holdfast'])

/**
 * The name of a MySQL schema (database). As in MySQL's "Schema Object Names": 1 to 64 characters of the Basic Multilingual
 * Plane, no space at the end. Control characters, which MySQL allows, are refused: nobody means them.
 */
export const schemaNameSchema = once(() =>
  z
    .string()
    .regex(
      /^[^\p{C}\u{10000}-\u{10ffff}]{0,63}[^\p{C}\p{Z}\u{10000}-\u{10ffff}]$/u,
      'a schema name has 1 to 64 characters, none of them a control character or an emoji, and no space at its end',
    )
    .refine((name) => !RESERVED_SCHEMAS.has(name.toLowerCase()), 'this schema belongs to MySQL or to Holdfast itself')
    .brand<'SchemaName'>(),
)
export type SchemaName = z.infer<ReturnType<typeof schemaNameSchema>>

/** What is appended to the name of a schema for the one that it is restored into. */
export const restoreSuffixSchema = once(() =>
  z.string().regex(/^[0-9A-Za-z_$]{1,32}$/, 'a suffix has 1 to 32 letters, digits, "_" or "$"'),
)

/** The name of an S3 bucket. */
export const bucketNameSchema = once(() =>
  z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'is no name of an S3 bucket'),
)

/**
 * The name of a file of a dump, and of the object that it becomes. It becomes a path: no folder, nothing hidden, nothing that looks
 * like an option. "@" and "%" are in the names that MySQL Shell gives its files, and letters beyond ASCII as they are.
 */
export const fileNameSchema = once(() =>
  z.string().regex(/^(?![.-])[0-9A-Za-z@%_.~\u00a1-\ud7ff\uf900-\ufffd-]+$/, 'is no name of a file of a dump'),
)

/** The name of a Kubernetes namespace: a DNS label (RFC 1123). */
export const namespaceSchema = once(() =>
  z
    .string()
    .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, 'a namespace has 1 to 63 lower case letters, digits or "-"')
    .brand<'Namespace'>(),
)
export type Namespace = z.infer<ReturnType<typeof namespaceSchema>>

/**
 * What tells apart two runs of the same second: the last eight hexadecimal digits of a run's id. The first ones are those of the
 * time, where Temporal makes its ids by it (UUID version 7), and last for a minute.
 */
export function randomPartOf(runId: string): string {
  return runId.replaceAll('-', '').slice(-8)
}

/**
 * The id of the backup that a pipeline makes. It follows from the pipeline alone, so every replay finds the same.
 *
 * @param startedAt when the pipeline's run started
 * @param runId whose first eight hexadecimal digits tell apart two pipelines of the same second: {@link randomPartOf} the run's id
 */
export function backupIdOf(startedAt: Date, runId: string): BackupId {
  const time = startedAt.toISOString().replaceAll(/[-:]|\.\d+/g, '')
  return backupIdSchema().parse(`${time}-${runId.replaceAll('-', '').slice(0, 8)}`)
}
