import { mkdir, readFile } from 'node:fs/promises'
import { LabError } from './lab-error.ts'
import { run } from './run.ts'

/**
 * Has what a container mounts below a folder be seen by the other containers that ask for it (`mountPropagation` of a pod). systemd
 * shares all mounts of a machine; a machine without it shares none.
 */
export async function shareMountsBelow(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  const mountInfo = await readFile('/proc/self/mountinfo', 'utf8')
  if (!parseMountPoints(mountInfo).includes(folder)) await run(['mount', '--bind', folder, folder])
  await run(['mount', '--make-shared', folder])
}

/** Unmounts all that is mounted below a folder, the last first. */
export async function unmountBelow(folder: string): Promise<void> {
  const points = parseMountPoints(await readFile('/proc/self/mountinfo', 'utf8'))
  for (const point of points.filter((path) => path.startsWith(`${folder}/`)).reverse()) {
    // A mount that a process of another namespace still holds goes when that process does: no reason to keep the others.
    await run(['umount', point]).catch(() => run(['umount', '--lazy', point]))
  }
}

/** @throws LabError if anything is mounted there still: deleting the folder would delete what the mount shows */
export async function assertNothingMountedBelow(folder: string): Promise<void> {
  const points = parseMountPoints(await readFile('/proc/self/mountinfo', 'utf8'))
  const left = points.find((path) => path.startsWith(`${folder}/`))
  if (left) throw new LabError(`${left} is still mounted, so ${folder} is not deleted. Unmount it, then try again.`)
}

/** The mount points in the order in which they were mounted. Blanks in a path are written there as octal numbers. */
export function parseMountPoints(mountInfo: string): string[] {
  return mountInfo
    .split('\n')
    .map((line) => line.split(' ')[4])
    .filter((path) => path !== undefined)
    .map((path) => path.replace(/\\(\d{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8))))
}
