import { access, readFile } from 'node:fs/promises'
import { z } from 'zod'
import { LabError } from './lab-error.ts'
import { files, repository } from './paths.ts'
import { readPidFiles } from './pid-file.ts'
import { isAlive } from './process-identity.ts'
import { writeJson } from './write-file.ts'

const ownerSchema = z.strictObject({ repository: z.string(), version: z.string() })

/** The clone that a lab was started from. */
export type Owner = z.infer<typeof ownerSchema>

/**
 * Makes this clone the owner of the machine's lab, unless a lab of the same version belongs to another one: that is shared.
 *
 * @returns the owner
 * @throws LabError if a lab of another version runs, of a clone that is still there
 */
export async function claimLab(version: string): Promise<Owner> {
  const other = await runningLabOfOthers()
  if (other && other.version === version) return other
  if (other) {
    throw new LabError(
      `Another lab runs on this machine, started from ${other.repository}, of another version than this clone's. ` +
        `Stop it there first: cd ${other.repository} && npm run lab -- down`,
    )
  }
  const owner = { repository, version }
  await writeJson(files.owner, owner)
  return owner
}

/** @throws LabError if the lab that runs belongs to another clone that is still there */
export async function assertOurs(command: string): Promise<void> {
  const other = await runningLabOfOthers()
  if (!other) return
  throw new LabError(
    `The lab of this machine was started from ${other.repository}: cd ${other.repository} && npm run lab -- ${command}. ` +
      'With --force it is done from here all the same.',
  )
}

/** A lab whose clone was removed belongs to whoever asks next; so does one of which nothing runs. */
async function runningLabOfOthers(): Promise<Owner | undefined> {
  const owner = await readOwner()
  if (!owner || owner.repository === repository) return undefined
  if (!(await exists(owner.repository))) return undefined
  const alive = await Promise.all((await readPidFiles()).map(isAlive))
  return alive.includes(true) ? owner : undefined
}

async function readOwner(): Promise<Owner | undefined> {
  const text = await readFile(files.owner, 'utf8').catch(() => undefined)
  return text === undefined ? undefined : ownerSchema.safeParse(JSON.parse(text)).data
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
