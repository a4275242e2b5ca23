import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { LabError } from '../lab-error.ts'
import { onLines } from './on-lines.ts'

/** Runs one buildah command to its end and gives its standard output. @throws an error with buildah's last lines. */
export type Buildah = (args: readonly string[]) => Promise<string>

/**
 * Runs `use` with a buildah that has a store of its own and never asks a registry.
 *
 * What is built stays in `<directory>/store` for the next time, so that unchanged layers are not built again.
 */
export async function withBuildah<Result>(
  directory: string,
  log: (line: string) => void,
  use: (buildah: Buildah) => Promise<Result>,
): Promise<Result> {
  await mkdir(directory, { recursive: true })
  // What is mounted now is noted here: a folder of its own for each run, so that no reboot or kill leaves a false note.
  const runRoot = await mkdtemp(join(tmpdir(), 'holdfast-buildah-'))
  try {
    const environment = await writeConfiguration(directory, runRoot)
    return await use((args) => run(args, environment, log))
  } finally {
    await rm(runRoot, { recursive: true, force: true })
  }
}

async function writeConfiguration(directory: string, runRoot: string): Promise<Record<string, string>> {
  const storage = join(runRoot, 'storage.conf')
  const registries = join(runRoot, 'registries.conf')
  const graphRoot = join(directory, 'store')
  await writeFile(
    storage,
    `[storage]\ndriver = "overlay"\ngraphroot = ${JSON.stringify(graphRoot)}\nrunroot = ${JSON.stringify(runRoot)}\n`,
  )
  // A name without a host means Docker Hub's, as it does for docker build; it is found in the store under that name.
  await writeFile(registries, 'unqualified-search-registries = ["docker.io"]\nshort-name-mode = "permissive"\n')
  return {
    CONTAINERS_STORAGE_CONF: storage,
    CONTAINERS_REGISTRIES_CONF: registries,
    BUILDAH_ISOLATION: 'chroot',
  }
}

async function run(
  args: readonly string[],
  environment: Record<string, string>,
  log: (line: string) => void,
): Promise<string> {
  const subprocess = execa('buildah', args, { env: environment, stdin: 'ignore', reject: false })
  onLines(subprocess.stdout, log)
  onLines(subprocess.stderr, log)
  const result = await subprocess
  if (result.code === 'ENOENT') throw new LabError('buildah is not installed: apt-get install buildah')
  if (result.failed) {
    const lastLines = `${result.stdout}\n${result.stderr}`.trim().split('\n').slice(-20).join('\n')
    throw new LabError(`buildah ${args[0]} failed (exit code ${result.exitCode}):\n${lastLines}`)
  }
  return result.stdout
}
