import { access } from 'node:fs/promises'
import { LabError } from './lab-error.ts'
import { run } from './run.ts'

/** What the lab takes from Debian: the container runtime, the network tools, and what images and certificates are made with. */
const packages = [
  'buildah',
  'ca-certificates',
  'conntrack',
  'containerd',
  'containernetworking-plugins',
  'iproute2',
  'mmdebstrap',
  'nftables',
  'openssl',
  'python3-venv',
  'runc',
]

/**
 * Installs what is missing of the Debian packages that the lab needs, and names what it installs.
 *
 * @throws LabError if a package is missing on a system without apt
 */
export async function ensureDebianPackages(log: (line: string) => void): Promise<void> {
  const missing = await missingPackages()
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

async function missingPackages(): Promise<string[]> {
  const report = await run(['dpkg', '--get-selections']).catch(() => {
    throw new LabError(`The lab needs Debian (or a system with apt) for these packages: ${packages.join(', ')}.`)
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
