import { readdir, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** The one provider that this repository uses, as terraform/*\/versions.tf pins it. */
const PROVIDER = 'registry.terraform.io/hashicorp/aws'
const VERSION = '5.100.0'

/**
 * Looks for a filesystem mirror of the AWS provider on this machine: in the folders that Terraform looks into by itself,
 * and one level under /opt, where machines without the registry tend to have one.
 *
 * @returns the mirror's folder, or undefined where Terraform has to download.
 */
export async function findProviderMirror(): Promise<string | undefined> {
  for (const folder of await candidates()) {
    if (await isFolder(join(folder, PROVIDER, VERSION))) return folder
  }
  return undefined
}

/** The text of a Terraform CLI configuration that takes the AWS provider from `mirror`, and others from their registry. */
export function mirrorConfiguration(mirror: string): string {
  // Without the exclusion Terraform asks the registry as well, and fails where it cannot be reached.
  return `provider_installation {
  filesystem_mirror {
    path    = ${JSON.stringify(mirror)}
    include = ["${PROVIDER}"]
  }
  direct {
    exclude = ["${PROVIDER}"]
  }
}
`
}

async function candidates(): Promise<string[]> {
  const data = process.env.XDG_DATA_HOME ?? join(homedir(), '.local/share')
  const dataDirectories = (process.env.XDG_DATA_DIRS ?? '/usr/local/share:/usr/share').split(':')
  const underOpt = await readdir('/opt').catch(() => [])
  return [
    join(homedir(), '.terraform.d/plugins'),
    ...[data, ...dataDirectories].map((folder) => join(folder, 'terraform/plugins')),
    ...underOpt.map((name) => join('/opt', name)),
  ]
}

async function isFolder(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined)
  return found?.isDirectory() ?? false
}
