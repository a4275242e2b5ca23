import { cp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { cacheDirectory, repository } from '../../../lab/paths.ts'
import { findProviderMirror, mirrorConfiguration } from '../../../lab/terraform/provider-mirror.ts'
import { terraformBinary } from '../../../lab/terraform/terraform-binary.ts'

/** How a Terraform command ended. */
export type TerraformResult = { exitCode: number; output: string; stdout: string }

/** One of the repository's configurations, in a copy of its own with its state on disk. */
export type Configuration = (args: readonly string[], environment?: Record<string, string>) => Promise<TerraformResult>

/**
 * Copies `terraform/<name>` into `directory`, initialises it as its lock file says, and gives what runs commands in it.
 */
export async function terraformConfiguration(name: string, directory: string): Promise<Configuration> {
  const program = await terraformBinary(cacheDirectory(), () => {})
  const copy = join(directory, name)
  const notWorkingFiles = (path: string) => !path.includes('/.terraform/') && !path.includes('.tfstate')
  await cp(join(repository, 'terraform', name), copy, { recursive: true, filter: notWorkingFiles })
  await writeFile(join(copy, 'backend_override.tf'), 'terraform {\n  backend "local" {}\n}\n')
  const mirror = await findProviderMirror()
  const cliConfiguration = join(directory, 'terraform.rc')
  if (mirror !== undefined) await writeFile(cliConfiguration, mirrorConfiguration(mirror))
  const run: Configuration = async (args, environment = {}) => {
    const result = await execa(program, [`-chdir=${copy}`, ...args], {
      env: {
        ...environment,
        ...(mirror === undefined ? {} : { TF_CLI_CONFIG_FILE: cliConfiguration }),
        TF_IN_AUTOMATION: 'true',
        TF_CLI_ARGS: '-no-color',
        CHECKPOINT_DISABLE: 'true',
      },
      stdin: 'ignore',
      reject: false,
      all: true,
    })
    return { exitCode: result.exitCode ?? 1, output: result.all, stdout: result.stdout }
  }
  const initialised = await run(['init', '-input=false', '-lockfile=readonly'])
  if (initialised.exitCode !== 0) throw new Error(initialised.output)
  return run
}
