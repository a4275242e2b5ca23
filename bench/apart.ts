import { availableParallelism } from 'node:os'
import { execa } from 'execa'
import { processesInCgroups } from '../lab/cgroups.ts'
import { readPidFile } from '../lab/pid-file.ts'

/** As `taskset` takes them. */
const [LAST, OTHERS, ALL] = [
  String(availableParallelism() - 1),
  `0-${availableParallelism() - 2}`,
  `0-${availableParallelism() - 1}`,
]

/** What a command has to begin with to stay on the processors of the pods. */
export const BESIDE_PODS = ['taskset', '--cpu-list', OTHERS] as const

/**
 * Keeps S3's stand-in on the last processor, and what runs in the lab's pods by now on the others, for as long as `during` takes: as far as
 * one machine can, S3 is on another one then. Needs two processors.
 */
export async function withS3Apart(during: () => Promise<void>): Promise<void> {
  const s3 = await readPidFile('aws')
  if (!s3) throw new Error('The AWS stand-in is not running: npm run lab -- up')
  const pods = await processesInCgroups()
  try {
    await keepOn(LAST, [s3.pid])
    await keepOn(OTHERS, pods)
    await during()
  } finally {
    await keepOn(ALL, [s3.pid, ...pods])
  }
}

/** With all their threads. One that has ended meanwhile is left. @throws where `taskset` is not there, or refuses */
async function keepOn(processors: string, pids: readonly number[]): Promise<void> {
  for (const pid of pids) {
    const args = ['--all-tasks', '--cpu-list', '--pid', processors, String(pid)]
    const { failed, stderr, message } = await execa('taskset', args, { reject: false, env: { LC_ALL: 'C' } })
    if (failed && !/No such (process|file)/.test(stderr)) throw new Error(message)
  }
}
