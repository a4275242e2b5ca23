import { readFile } from 'node:fs/promises'
import { platform } from 'node:os'
import { LabError } from './lab-error.ts'
import { run } from './run.ts'

/**
 * Checks that the lab can run on this machine at all, before anything is touched.
 *
 * @throws LabError naming what is missing
 */
export async function assertMachine(): Promise<void> {
  if (platform() !== 'linux') {
    throw new LabError(
      `The lab runs on Linux; this is ${platform()}. Use --cluster current with a cluster of your own.`,
    )
  }
  assertRoot()
  if (!(await hasOverlay())) {
    throw new LabError(
      'The kernel of this machine has no overlay file system, on which containers run. Load the module `overlay`.',
    )
  }
}

/** @throws LabError for anyone but root: the lab mounts, makes network devices and starts containers */
export function assertRoot(): void {
  if (process.getuid?.() !== 0) {
    throw new LabError(
      'The lab needs to be run as root: it mounts file systems, makes network devices and starts containers.',
    )
  }
}

async function hasOverlay(): Promise<boolean> {
  const known = async () => /\boverlay$/m.test(await readFile('/proc/filesystems', 'utf8'))
  if (await known()) return true
  await run(['modprobe', 'overlay']).catch(() => '')
  return known()
}
