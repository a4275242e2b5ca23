import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { withFileLock } from './file-lock.ts'
import { LabError } from './lab-error.ts'
import { cacheDirectory } from './paths.ts'
import { run } from './run.ts'

/**
 * Installs what is missing of some Debian packages, and names what it installs. One process at a time: the others wait for it.
 *
 * @throws LabError if a package is missing on a system without apt
 */
export async function ensureDebianPackages(
  packages: readonly string[],
  log: (line: string) => void = () => undefined,
): Promise<void> {
  if ((await missingOf(packages)).length === 0) return
  // apt waits for its own locks only while it installs, not while it updates its lists.
  await withFileLock(join(cacheDirectory(), 'debian-packages.lock'), () => installMissing(packages, log))
}

async function installMissing(packages: readonly string[], log: (line: string) => void): Promise<void> {
  const missing = await missingOf(packages)
  if (missing.length === 0) return
  log(`installing ${missing.join(', ')}`)
  await run(['apt-get', 'update', '--quiet'], aptOptions)
  await run(
    ['apt-get', 'install', '--yes', '--quiet', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=300', ...missing],
    aptOptions,
  )
  if (missing.includes('containerd')) await stopDebiansContainerd()
  log(`installed ${missing.join(', ')}`)
}

const aptOptions = { environment: { DEBIAN_FRONTEND: 'noninteractive' } }

async function missingOf(packages: readonly string[]): Promise<string[]> {
  const report = await run(['dpkg', '--get-selections']).catch(() => {
    throw new LabError(`These packages need Debian (or a system with apt): ${packages.join(', ')}.`)
  })
  const installed = new Set(report.split('\n').map((line) => line.split('\t')[0]))
  return packages.filter((name) => !installed.has(name))
}

/** The lab starts a containerd of its own, so the service that Debian starts on installation would only idle. */
async function stopDebiansContainerd(): Promise<void> {
  const hasSystemd = await access('/run/systemd/system').then(
    () => true,
    () => false,
  )
  if (hasSystemd) await run(['systemctl', 'disable', '--now', 'containerd.service'])
}
