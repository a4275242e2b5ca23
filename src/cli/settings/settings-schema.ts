import { z } from 'zod'
import { bucketNameSchema, namespaceSchema } from '../../domain/names.ts'

/** A value of a settings file, and the environment variable for which it stands where that one is not set. */
export interface Setting {
  /** Under which key of the file it stands, if not at its top. */
  readonly section?: keyof typeof SECTIONS
  readonly key: string
  readonly variable: string
  readonly schema: z.ZodType<string | boolean>
  readonly description: string
}

const SECTIONS = {
  temporal: 'Where Temporal is. Its keys and certificates are named in its own configuration file.',
  aws: "What AWS's SDK is told.",
} as const

const text = z.string().min(1, 'is empty')

/** All that there are. There is no place for keys and passwords: a file like this one ends up in a repository. */
export const SETTINGS: readonly Setting[] = [
  {
    key: 'bucket',
    variable: 'HOLDFAST_BUCKET',
    schema: bucketNameSchema(),
    description: 'The bucket in which the backups lie.',
  },
  {
    key: 'pathStyle',
    variable: 'HOLDFAST_S3_PATH_STYLE',
    schema: z.boolean(),
    description: 'Whether the S3 server has no name for each bucket.',
  },
  {
    key: 'namespace',
    variable: 'HOLDFAST_NAMESPACE',
    schema: namespaceSchema(),
    description: 'The namespace of Kubernetes where the Jobs run, and MySQL.',
  },
  { key: 'taskQueue', variable: 'HOLDFAST_TASK_QUEUE', schema: text, description: "The workers' task queue." },
  {
    key: 'output',
    variable: 'HOLDFAST_OUTPUT',
    schema: z.enum(['table', 'json']),
    description: 'What is printed.',
  },
  {
    key: 'quiet',
    variable: 'HOLDFAST_QUIET',
    schema: z.boolean(),
    description: 'Whether nothing is said but the result, and what went wrong.',
  },
  {
    key: 'reportTimeZone',
    variable: 'HOLDFAST_REPORT_TIME_ZONE',
    schema: text,
    description: 'The time zone in which the days of a report begin.',
  },
  {
    section: 'temporal',
    key: 'profile',
    variable: 'TEMPORAL_PROFILE',
    schema: text,
    description: "The profile of Temporal's own configuration file.",
  },
  {
    section: 'temporal',
    key: 'configFile',
    variable: 'TEMPORAL_CONFIG_FILE',
    schema: text,
    description: "Temporal's own configuration file (TOML), where it is not in its usual place.",
  },
  {
    section: 'temporal',
    key: 'address',
    variable: 'TEMPORAL_ADDRESS',
    schema: text,
    description: 'Its host and port.',
  },
  {
    section: 'temporal',
    key: 'namespace',
    variable: 'TEMPORAL_NAMESPACE',
    schema: text,
    description: 'The namespace of Temporal, which has nothing to do with those of Kubernetes.',
  },
  {
    section: 'aws',
    key: 'profile',
    variable: 'AWS_PROFILE',
    schema: text,
    description: "The profile of AWS's own configuration files.",
  },
  { section: 'aws', key: 'region', variable: 'AWS_REGION', schema: text, description: "The bucket's region." },
  {
    section: 'aws',
    key: 'endpoint',
    variable: 'AWS_ENDPOINT_URL_S3',
    schema: z.url({ protocol: /^https?$/, error: 'is no URL' }),
    description: "An S3 that is not AWS's own.",
  },
]

/** What a settings file may hold. */
export const settingsSchema = z
  .strictObject({ ...shapeOf(undefined), temporal: sectionOf('temporal'), aws: sectionOf('aws') })
  .meta({ title: 'Settings of holdfast' })

function sectionOf(section: keyof typeof SECTIONS) {
  return z.strictObject(shapeOf(section)).describe(SECTIONS[section]).optional()
}

function shapeOf(wanted: Setting['section']) {
  const settings = SETTINGS.filter(({ section }) => section === wanted)
  return Object.fromEntries(
    settings.map(({ key, schema, description, variable }) => {
      return [key, schema.describe(`${description} Stands for ${variable}.`).optional()]
    }),
  )
}
