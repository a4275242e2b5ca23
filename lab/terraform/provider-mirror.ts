import { readdir, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** The one provider that this repository uses, as terraform/*\/versions.tf pins it, in Terraform's own layout of mirrors. */
const PROVIDER_FOLDER = 'registry.terraform.io/hashicorp/aws/5.100.0'

/**
 * Looks for a filesystem mirror of the AWS provider on this machine: in the folders that Terraform looks into by itself,
 * and one level under /opt, where machines without the registry tend to have one.
 *
 * @returns the mirror's folder, or undefined where Terraform has to download.
 */
export async function findProviderMirror(): Promise<string | undefined> {
  for (const folder of await candidates()) {
    if (await isFolder(join(folder, PROVIDER_FOLDER))) return folder
  }
  return undefined
}

/** The text of a Terraform CLI configuration that takes providers from `mirror` and, where it lacks one, from the registry. */
export function mirrorConfiguration(mirror: string): string {
  const path = JSON.stringify(mirror)
  return `provider_installation {
  filesystem_mirror {
    path = ${path}
  }
  direct {}
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
