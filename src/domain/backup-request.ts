import { once } from 'es-toolkit/function/once'
import { z } from 'zod'
import { encryptionSchema } from './encryption.ts'
import { engineNameSchema } from './engines.ts'
import { jobLimitsSchema } from './job-limits.ts'
import { namespaceSchema, restoreSuffixSchema, type SchemaName, schemaNameSchema } from './names.ts'
import { STEPS, type StepName } from './steps.ts'

/** Tables that sysbench's oltp_read_write makes and fills. */
const sysbenchDataSchema = z.strictObject({
  kind: z.literal('sysbench'),
  schema: schemaNameSchema().prefault('sbtest'),
  tables: z.int().min(1).max(1000).default(4),
  rowsPerTable: z.int().min(1).max(100_000_000).default(100_000),
})

/** A person's own SQL file, which stands in ConfigMaps `holdfast-sql-NN` of the namespace, compressed by gzip, in parts. */
const sqlFileDataSchema = z.strictObject({
  kind: z.literal('sqlFile'),
  schema: schemaNameSchema(),
  /** Of the uncompressed file, in hexadecimal: what was loaded is what was meant. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 has 64 hexadecimal digits'),
})

/** Nothing is loaded: what is backed up is there already. */
const noDataSchema = z.strictObject({ kind: z.literal('none') })

export const sampleDataSchema = once(() =>
  z.discriminatedUnion('kind', [sysbenchDataSchema, sqlFileDataSchema, noDataSchema]),
)
/** Data to be loaded before a backup. */
export type SampleData = z.infer<typeof sysbenchDataSchema | typeof sqlFileDataSchema>

/** What of a step's policy a request may set otherwise. */
const stepOverrideSchema = z
  .strictObject({
    ...jobLimitsSchema().unwrap().shape,
    /** How many Jobs the step may have. */
    maximumTries: z.int().min(1).max(100).optional(),
    /** The longest that one attempt may follow the step's Job. */
    startToCloseSeconds: z.int().min(60).max(604_800).optional(),
    /** The longest for all attempts together. */
    scheduleToCloseSeconds: z.int().min(60).max(1_209_600).optional(),
  })
  .readonly()
export type StepOverride = z.infer<typeof stepOverrideSchema>

/** How the steps of a workflow are run, and what becomes of one that fails for good. @param names its steps */
export function stepSettings<const Names extends readonly string[]>(names: Names) {
  return {
    /** What becomes of a workflow whose step has used up its tries: it takes back what it made, or asks an operator first. */
    onFailure: z.enum(['undo', 'ask']).default('undo'),
    /** For how long an operator is waited for. */
    decisionHours: z.number().positive().max(720).default(24),
    steps: z.partialRecord(z.enum(names), stepOverrideSchema).default({}),
  }
}
/** As the workflows' common parts know them. */
export interface StepSettings {
  readonly onFailure: 'undo' | 'ask'
  readonly decisionHours: number
  readonly steps: Readonly<Partial<Record<StepName, StepOverride>>>
}

/**
 * Where a dump lies until it is in S3: on a volume of its own, from which the upload can be tried again; in the pod that dumps it and
 * uploads it afterwards; or there as well, and each of its files is uploaded as soon as it is finished.
 */
export const STAGINGS = ['volume', 'pod', 'stream'] as const
export type Staging = (typeof STAGINGS)[number]

export const accountsSchema = once(() => z.enum(['leave', 'include']))
export type Accounts = z.infer<ReturnType<typeof accountsSchema>>

/** What a pipeline is asked to do. Everything has a default: `{}` is the demo of the README. */
export const backupRequestSchema = once(() =>
  z
    .strictObject({
      /** Where MySQL runs, and the Jobs that reach it. */
      namespace: namespaceSchema().prefault('s3-test'),
      sampleData: sampleDataSchema().prefault({ kind: 'sysbench' }),
      /** What is backed up, all in one snapshot. By default the schema of the sample data. */
      schemas: z
        .array(schemaNameSchema())
        .min(1)
        .refine((schemas) => new Set(schemas).size === schemas.length, 'a schema is named twice')
        .optional(),
      /** Connections, dumps and loads at a time. */
      threads: z.int().min(1).max(64).default(4),
      /** What dumps the rows, and loads them. By default what the worker has: a step decides that, not the workflow. */
      engine: engineNameSchema().optional(),
      staging: z.enum(STAGINGS).default('volume'),
      /** How the dump is encrypted before it leaves its pod. With `age`, the keys are in the namespace's Secret `holdfast-age`. */
      encryption: encryptionSchema().default('none'),
      /** Whether the accounts of the server are in the backup, with their rights and what their passwords are checked by. */
      accounts: accountsSchema().default('leave'),
      /** What is appended to a schema's name for the schema that it is restored into. */
      restoreSuffix: restoreSuffixSchema().default('_restored'),
      ...stepSettings(STEPS),
      /** What a pipeline does that finds another one at work on its database. */
      whenBusy: z.enum(['refuse', 'wait']).default('refuse'),
    })
    .refine(({ sampleData, schemas }) => sampleData.kind !== 'none' || schemas !== undefined, {
      path: ['schemas'],
      message: 'without sample data, say which schemas are to be backed up',
    })
    .refine(({ engine, staging }) => engine !== 'mysqlsh' || staging !== 'stream', {
      path: ['staging'],
      message:
        'MySQL Shell says only at its end that its files are whole: choose "volume" or "pod", or the engine "mysqldump"',
    })
    .refine(({ engine, encryption }) => engine !== 'mysqlsh' || encryption === 'none', {
      path: ['encryption'],
      message: 'MySQL Shell writes files that are not encrypted: choose "none", or the engine "mysqldump"',
    })
    .refine(({ steps, staging }) => stepsOfOtherStaging(staging).every((step) => steps[step] === undefined), {
      path: ['steps'],
      message: 'dump and upload are steps with the staging "volume", dumpAndUpload is one with "pod" and "stream"',
    })
    .transform(({ schemas, ...request }) => ({ ...request, schemas: schemas ?? schemasOf(request.sampleData) }))
    // Only the suffix's share: what is wrong with the schema's own name has been said by then.
    .refine(
      ({ schemas, restoreSuffix }) =>
        schemas.every((schema) => isSchemaName(schema + restoreSuffix) || !isSchemaName(schema)),
      {
        path: ['restoreSuffix'],
        message: 'with its suffix the schema name has more than 64 characters',
      },
    )
    .refine(
      ({ schemas, restoreSuffix }) =>
        !schemas.some((schema) => schemas.some((each) => each === schema + restoreSuffix)),
      {
        path: ['restoreSuffix'],
        message: 'a schema would be restored over another one that is backed up',
      },
    ),
)
export type BackupRequest = z.infer<ReturnType<typeof backupRequestSchema>>
/** A request as a person writes it, defaults left out. */
export type BackupRequestInput = z.input<ReturnType<typeof backupRequestSchema>>

function schemasOf(sampleData: z.infer<ReturnType<typeof sampleDataSchema>>): SchemaName[] {
  return sampleData.kind === 'none' ? [] : [sampleData.schema]
}

function isSchemaName(name: string): boolean {
  return schemaNameSchema().safeParse(name).success
}

/** Says which field of a request is wrong and why. Its message has one line a field. */
export class InvalidRequestError extends Error {
  override readonly name = 'InvalidRequestError'
}

/**
 * Checks a request at the door and fills in its defaults.
 *
 * @throws {InvalidRequestError} naming each field that is wrong; nothing has been created by then
 */
export function parseBackupRequest(input: unknown): BackupRequest {
  const parsed = backupRequestSchema().safeParse(input ?? {})
  if (parsed.success) return parsed.data
  const lines = parsed.error.issues.map((issue) => {
    const field = issue.path.join('.') || 'request'
    return `${field}: ${issue.message}`
  })
  throw new InvalidRequestError(`The backup request is not valid.\n${lines.join('\n')}`)
}

/** The steps of a pipeline with this request, in the order in which they run. */
export function stepsOf({ sampleData, staging }: Pick<BackupRequest, 'sampleData' | 'staging'>): readonly StepName[] {
  const others: readonly StepName[] = stepsOfOtherStaging(staging)
  return STEPS.filter((step) => !others.includes(step) && (step !== 'loadSampleData' || sampleData.kind !== 'none'))
}

function stepsOfOtherStaging(staging: Staging): readonly (typeof STEPS)[number][] {
  return staging === 'volume' ? ['dumpAndUpload'] : ['dump', 'upload']
}

/** Which schema is restored into which: never a schema into itself. */
export function schemaMapping({ schemas, restoreSuffix }: BackupRequest): Record<SchemaName, SchemaName> {
  return Object.fromEntries(schemas.map((schema) => [schema, schemaNameSchema().parse(schema + restoreSuffix)]))
}
