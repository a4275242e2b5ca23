import { type Command, Option } from 'commander'

/** What every command over the catalog takes. */
export interface BucketOptions {
  readonly bucket: string
  readonly pathStyle?: boolean
  readonly output: 'table' | 'json'
}

/** A command over the catalog of a bucket. Credentials, region and endpoint come from where the AWS SDK looks for them. */
export function bucketCommand(parent: Command, name: string): Command {
  return parent.command(name).addOption(bucketOption()).addOption(pathStyleOption()).addOption(outputOption())
}

export function bucketOption(): Option {
  return new Option('--bucket <name>', 'where the backups lie').env('HOLDFAST_BUCKET').makeOptionMandatory()
}

export function pathStyleOption(): Option {
  return new Option('--path-style', 'for servers that have no name for each bucket').env('HOLDFAST_S3_PATH_STYLE')
}

export function outputOption(): Option {
  return new Option('--output <format>', 'what is printed')
    .choices(['table', 'json'])
    .env('HOLDFAST_OUTPUT')
    .default('table')
}
