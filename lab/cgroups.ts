import { mkdir, readdir, readFile, rmdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { codeOf } from './lab-error.ts'

/** The control group below which all pods of the lab run, so that they are told from every other container of the machine. */
export const cgroupRoot = '/holdfast-lab'

const controllers = ['cpu', 'cpuset', 'io', 'memory', 'pids']

/** Makes the lab's control group: in the one tree of version 2, or in each tree of version 1. */
export async function ensureCgroups(): Promise<void> {
  for (const tree of await usedTrees()) {
    const folder = join(tree.mountPoint, cgroupRoot)
    if (tree.version === 2) await delegate(tree.mountPoint)
    await mkdir(folder, { recursive: true })
    if (tree.version === 2) await delegate(folder)
  }
}

/** The processes of all containers of the lab. */
export async function processesInCgroups(): Promise<number[]> {
  const trees = await cgroupTrees()
  const pids = await Promise.all(trees.map((tree) => pidsBelow(join(tree.mountPoint, cgroupRoot))))
  return [...new Set(pids.flat())]
}

/** Removes the lab's control groups. All of their processes must have ended. */
export async function removeCgroups(): Promise<void> {
  for (const tree of await cgroupTrees()) await removeTree(join(tree.mountPoint, cgroupRoot))
}

type CgroupTree = { mountPoint: string; version: 1 | 2 }

async function cgroupTrees(): Promise<CgroupTree[]> {
  return parseCgroupTrees(await readFile('/proc/self/mounts', 'utf8'))
}

/** The trees that share out what the machine has: where version 1 does, a version 2 tree beside it has no controllers. */
async function usedTrees(): Promise<CgroupTree[]> {
  const trees = await cgroupTrees()
  const first = trees.filter((tree) => tree.version === 1)
  return first.length > 0 ? first : trees
}

/** The trees of control groups among the mounts. */
export function parseCgroupTrees(mounts: string): CgroupTree[] {
  return mounts.split('\n').flatMap((line): CgroupTree[] => {
    const [, mountPoint = '', type] = line.split(' ')
    if (type === 'cgroup') return [{ mountPoint, version: 1 }]
    return type === 'cgroup2' ? [{ mountPoint, version: 2 }] : []
  })
}

/** Lets groups below this one be given shares of what the machine has. A controller that is missing is left out. */
async function delegate(folder: string): Promise<void> {
  const available = (await readFile(join(folder, 'cgroup.controllers'), 'utf8')).trim().split(' ')
  const enabled = (await readFile(join(folder, 'cgroup.subtree_control'), 'utf8')).trim().split(' ')
  const wanted = controllers.filter((name) => available.includes(name) && !enabled.includes(name))
  if (wanted.length === 0) return
  await writeFile(join(folder, 'cgroup.subtree_control'), wanted.map((name) => `+${name}`).join(' '))
}

async function pidsBelow(folder: string): Promise<number[]> {
  const text = await readFile(join(folder, 'cgroup.procs'), 'utf8').catch(() => '')
  const nested = await Promise.all((await foldersIn(folder)).map(pidsBelow))
  return [...text.split('\n').filter(Boolean).map(Number), ...nested.flat()]
}

async function removeTree(folder: string): Promise<void> {
  for (const child of await foldersIn(folder)) await removeTree(child)
  await rmdir(folder).catch((error: unknown) => {
    if (codeOf(error) !== 'ENOENT') throw error
  })
}

async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  return entries.filter((entry) => entry.isDirectory()).map((entry) => join(folder, entry.name))
}
