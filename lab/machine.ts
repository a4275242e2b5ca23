import { readFile } from 'node:fs/promises'
import { platform } from 'node:os'
import { LabError } from './lab-error.ts'
import { run } from './run.ts'

/**
 * Checks that the whole lab can run on this machine at all, before anything is touched.
 *
 * @throws LabError naming what is missing
 */
export async function assertMachine(): Promise<void> {
  assertLinux()
  if (!isRoot()) {
    throw new LabError(
      'The lab needs to be run as root: it mounts file systems, makes network devices and starts containers.',
    )
  }
  if (!(await hasOverlay())) {
    throw new LabError(
      'The kernel of this machine has no overlay file system, on which containers run. Load the module `overlay`.',
    )
  }
}

/** @throws LabError elsewhere than on Linux: the lab knows its processes by what Linux says of them */
export function assertLinux(): void {
  if (platform() !== 'linux') throw new LabError(`The lab runs on Linux, and this is ${platform()}.`)
}

/** Whether this process may do everything. */
export function isRoot(): boolean {
  return process.getuid?.() === 0
}

async function hasOverlay(): Promise<boolean> {
  const known = async () => /\boverlay$/m.test(await readFile('/proc/filesystems', 'utf8'))
  if (await known()) return true
  await run(['modprobe', 'overlay']).catch(() => '')
  return known()
}
