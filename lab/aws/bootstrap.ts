import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { contentKey } from '../images/content-key.ts'
import { onLines } from '../images/on-lines.ts'
import { LabError } from '../lab-error.ts'
import { findProviderMirror, mirrorConfiguration } from '../terraform/provider-mirror.ts'
import { terraformBinary } from '../terraform/terraform-binary.ts'
import { readAdminCredentials, standInInstance } from './stand-in-client.ts'

export type BootstrapOptions = {
  /** URL of the AWS stand-in. */
  endpoint: string
  /** PEM file of the CA that its certificate is from. */
  caFile: string
  /** JSON file with the administrator's key, as the stand-in wrote it. */
  adminCredentialsFile: string
  /** Where Terraform's state and working files are kept. */
  stateDirectory: string
  /** The root of this repository. */
  repository: string
  /** Variables of terraform/bootstrap besides the cluster's name: those of a tenant. */
  variables?: Readonly<Record<string, string>>
  log: (line: string) => void
}

const CLUSTER_NAME = 'holdfast-lab'
const REGION = 'eu-central-1'

/**
 * Does in the lab's AWS what an administrator does once in a real account: applies terraform/bootstrap, as the stand-in's
 * administrator. Does nothing where the same run of the stand-in has had the same configuration applied before.
 *
 * @throws an error with Terraform's last lines.
 */
export async function bootstrapAws(options: BootstrapOptions): Promise<void> {
  await mkdir(options.stateDirectory, { recursive: true, mode: 0o700 })
  const noteFile = join(options.stateDirectory, 'applied')
  const instance = await standInInstance(options.endpoint, options.caFile)
  const variables = Object.entries({ cluster_name: CLUSTER_NAME, ...options.variables })
  const note = await contentKey(options.repository, [instance, JSON.stringify(variables)], ['terraform/bootstrap'])
  if ((await readFile(noteFile, 'utf8').catch(() => '')) === note) return

  await rm(noteFile, { force: true })
  const terraform = await terraformCommand(options)
  const state = join(options.stateDirectory, 'bootstrap.tfstate')
  await terraform('init', '-input=false', '-lockfile=readonly', '-reconfigure', `-backend-config=path=${state}`)
  await terraform(
    'apply',
    '-input=false',
    '-auto-approve',
    ...variables.map(([name, value]) => `-var=${name}=${value}`),
  )
  await writeFile(noteFile, note)
}

async function terraformCommand(options: BootstrapOptions): Promise<(...args: string[]) => Promise<void>> {
  const program = await terraformBinary(options.stateDirectory, options.log)
  const key = await readAdminCredentials(options.adminCredentialsFile)
  const env: Record<string, string> = {
    AWS_ACCESS_KEY_ID: key.accessKeyId,
    AWS_SECRET_ACCESS_KEY: key.secretAccessKey,
    AWS_REGION: REGION,
    AWS_ENDPOINT_URL: options.endpoint,
    AWS_CA_BUNDLE: options.caFile,
    // Whatever cloud this machine may be in, it is not the one that is meant.
    AWS_EC2_METADATA_DISABLED: 'true',
    CHECKPOINT_DISABLE: 'true',
    TF_DATA_DIR: join(options.stateDirectory, 'terraform'),
    TF_IN_AUTOMATION: 'true',
    ...(await cliConfiguration(options.stateDirectory)),
  }
  const directory = join(options.repository, 'terraform/bootstrap')
  return async (...args) => {
    const [command = ''] = args
    const colorless = [`-chdir=${directory}`, command, '-no-color', ...args.slice(1)]
    const subprocess = execa(program, colorless, { env, stdin: 'ignore', reject: false, all: true })
    onLines(subprocess.all, options.log)
    const result = await subprocess
    if (!result.failed) return
    const lastLines = result.all.trim().split('\n').slice(-25).join('\n')
    throw new LabError(`terraform ${command} in ${directory} failed (exit code ${result.exitCode}):\n${lastLines}`)
  }
}

/** Without a mirror, Terraform's own configuration decides where the provider comes from. */
async function cliConfiguration(directory: string): Promise<Record<string, string>> {
  const mirror = await findProviderMirror()
  if (mirror === undefined) return {}
  const file = join(directory, 'terraform.rc')
  await writeFile(file, mirrorConfiguration(mirror))
  return { TF_CLI_CONFIG_FILE: file }
}
