import { type Command, Option } from 'commander'
import { connectS3, S3Store } from '../../catalog/s3-store.ts'
import { type BackupId, backupIdSchema } from '../../domain/names.ts'
import { InputError } from '../input-error.ts'

/** What every command over the catalog takes. */
export interface BucketOptions {
  readonly bucket: string
  readonly pathStyle?: boolean
  readonly output: 'table' | 'json'
}

/** A command over the catalog of a bucket. Credentials, region and endpoint come from where the AWS SDK looks for them. */
export function bucketCommand(parent: Command, name: string): Command {
  return parent
    .command(name)
    .addOption(bucketOption())
    .addOption(
      new Option('--path-style', 'for servers that have no name for each bucket').env('HOLDFAST_S3_PATH_STYLE'),
    )
    .addOption(outputOption())
}

export function bucketOption(): Option {
  return new Option('--bucket <name>', 'where the backups lie').env('HOLDFAST_BUCKET').makeOptionMandatory()
}

export function outputOption(): Option {
  return new Option('--output <format>', 'what is printed').choices(['table', 'json']).default('table')
}

/** Runs work on the bucket of the options, and lets go of its connections afterwards. */
export async function withStore<Result>(
  { bucket, pathStyle = false }: BucketOptions,
  work: (store: S3Store) => Promise<Result>,
): Promise<Result> {
  const s3 = await connectS3(process.env, pathStyle)
  try {
    return await work(new S3Store(s3, bucket))
  } finally {
    s3.destroy()
  }
}

/** @throws {InputError} where it is none */
export function parseBackupId(text: string): BackupId {
  const parsed = backupIdSchema.safeParse(text)
  if (!parsed.success) throw new InputError(`${text}: ${parsed.error.issues[0]?.message}.`)
  return parsed.data
}
