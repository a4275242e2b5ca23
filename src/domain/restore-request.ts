import { once } from 'es-toolkit/function/once'
import { z } from 'zod'
import { stepSettings } from './backup-request.ts'
import { byName, objectByName } from './by-name.ts'
import { mysqlServerSchema } from './mysql-server.ts'
import {
  backupIdSchema,
  bucketNameSchema,
  namespaceSchema,
  restoreSuffixSchema,
  type SchemaName,
  schemaNameSchema,
} from './names.ts'
import { DRILL_STEPS, RESTORE_STEPS, type StepName } from './steps.ts'

/** Which of the two copies of a backup is read: the upload, or what S3 has copied from it. */
export const DATA_COPIES = ['backup1', 'backup2'] as const
export type DataCopy = (typeof DATA_COPIES)[number]

/** A table, by the name that it had when it was dumped. */
const tableNameSchema = z.string().min(1).max(64)

/** Which schema is restored into which. */
const mappingSchema = byName(schemaNameSchema(), schemaNameSchema())

/** Which backup is meant. */
const wantedBackupSchema = {
  /** Where the Jobs run: one whose service account reaches the bucket. */
  namespace: namespaceSchema().prefault('s3-test'),
  bucket: bucketNameSchema(),
  /** `latest`: the newest whose last restore was found equal, of those that hold the schemas asked for. */
  backup: z.union([z.literal('latest'), backupIdSchema()]).default('latest'),
  /** Of which database `latest` is the latest backup: the namespace in which its pipelines run. By default `namespace`. */
  backupOf: namespaceSchema().optional(),
  /** The copy that is read. */
  copy: z.enum(DATA_COPIES).default('backup2'),
  /** Connections, downloads and loads at a time. */
  threads: z.int().min(1).max(64).default(4),
}

/** As the steps know it that a restore and a drill have in common. */
export type WantedBackup = z.infer<z.ZodObject<typeof wantedBackupSchema>>

/** What a restore is asked to do. */
export const restoreRequestSchema = once(() =>
  z
    .strictObject({
      ...wantedBackupSchema,
      /** Which schema of the backup is restored into which. Left out: each into one of its name with the suffix. */
      schemas: mappingSchema
        .refine((schemas) => Object.keys(schemas).length > 0, 'names no schema')
        .refine(
          (schemas) => new Set(Object.values(schemas)).size === Object.keys(schemas).length,
          'two schemas would be restored into one',
        )
        .optional(),
      restoreSuffix: restoreSuffixSchema().default('_recovered'),
      /** Of these schemas only these tables, with neither triggers nor any other object. */
      tables: byName(schemaNameSchema(), z.array(tableNameSchema).min(1)).default({}),
      /** Where it is restored to. Left out: the MySQL that Holdfast has deployed in the namespace. */
      server: mysqlServerSchema().optional(),
      /**
       * What becomes of a schema into which is restored and that is there. `swap`: it is exchanged for the restored one, after that was
       * compared, and its tables are kept beside it.
       */
      ifExists: z.enum(['refuse', 'swap']).default('refuse'),
      /** What a restore does that finds a pipeline, or another restore, at work on a schema of the namespace's own MySQL. */
      whenBusy: z.enum(['refuse', 'wait']).default('refuse'),
      ...stepSettings(RESTORE_STEPS),
    })
    .refine(({ ifExists, tables }) => ifExists === 'refuse' || Object.keys(tables).length === 0, {
      path: ['ifExists'],
      message: 'a schema can be exchanged as a whole only: restore the tables beside it, and move them by RENAME TABLE',
    })
    .refine(({ schemas, tables }) => schemas === undefined || Object.keys(tables).every((name) => name in schemas), {
      path: ['tables'],
      message: 'tables are chosen of a schema that is not restored',
    }),
)
export type RestoreRequest = z.infer<ReturnType<typeof restoreRequestSchema>>

/** The steps of a restore that is so asked for. */
export function restoreSteps({ server, ifExists }: RestoreRequest): StepName[] {
  return RESTORE_STEPS.filter((step) => {
    if (step === 'deployMysql') return server === undefined
    return step !== 'swap' || ifExists === 'swap'
  })
}

/** What a drill is asked to do: to restore a backup into a MySQL that is there for nothing else. */
export const drillRequestSchema = once(() =>
  z.strictObject({
    ...wantedBackupSchema,
    /** Of the drill's MySQL: it has to hold the database and its binary log. */
    storage: z
      .string()
      .regex(/^[1-9][0-9]*(Mi|Gi|Ti)$/, 'storage is a whole number of Mi, Gi or Ti: 20Gi')
      .default('20Gi'),
    ...stepSettings(DRILL_STEPS),
  }),
)
export type DrillRequest = z.infer<ReturnType<typeof drillRequestSchema>>

/** Says which field of a request for a restore or a drill is wrong, and why. */
export class InvalidRestoreError extends Error {
  override readonly name = 'InvalidRestoreError'
}

/** @throws {InvalidRestoreError} naming each field that is wrong */
export function parseRestoreRequest(input: unknown): RestoreRequest {
  return parse(restoreRequestSchema(), input)
}

/** @throws {InvalidRestoreError} naming each field that is wrong */
export function parseDrillRequest(input: unknown): DrillRequest {
  return parse(drillRequestSchema(), input)
}

/**
 * Which schema is restored into which.
 *
 * @param found the schemas of the backup
 * @throws {InvalidRestoreError} where the request asks for one that is not among them, or a name gets too long
 */
export function restoreMapping(
  { schemas, restoreSuffix, tables }: RestoreRequest,
  found: readonly string[],
): Readonly<Record<SchemaName, SchemaName>> {
  const wanted = schemas ?? objectByName(found.map((schema) => [schema, `${schema}${restoreSuffix}`] as const))
  const missing = [...Object.keys(wanted), ...Object.keys(tables)].find((schema) => !found.includes(schema))
  if (missing !== undefined) {
    throw new InvalidRestoreError(`The backup holds no schema ${missing}, but ${found.join(', ')}.`)
  }
  return parse(mappingSchema, wanted)
}

function parse<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const parsed = schema.safeParse(input)
  if (parsed.success) return parsed.data
  const lines = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'request'}: ${message}`)
  throw new InvalidRestoreError(`The request is not valid.\n${lines.join('\n')}`)
}
