import { withFileLock } from './file-lock.ts'
import { LabError } from './lab-error.ts'
import { type LabFile, readLab } from './lab-file.ts'
import { labVersion } from './lab-version.ts'
import { assertLinux, assertMachine } from './machine.ts'
import { claimLab } from './owner.ts'
import { files } from './paths.ts'
import { readPidFiles } from './pid-file.ts'
import { isAlive } from './process-identity.ts'
import type { LabProgress } from './progress.ts'
import { setUpCompose } from './set-up-compose.ts'
import { setUpLab } from './set-up-lab.ts'
import { setUpTemporal } from './set-up-temporal.ts'
import { writeJson } from './write-file.ts'

export type LabOptions = {
  cluster: LabFile['cluster']
  /** Told of each step of the set-up. */
  onProgress: LabProgress
}

/**
 * Brings the lab up, or to where it should be: what runs as it should is left alone, what is missing is started. Waits if
 * another process is at it.
 *
 * @returns how the lab is reached
 * @throws LabError with what to do about it, if the machine cannot carry the lab, a lab of another version runs, or a part
 * does not start
 */
export async function labUp(options: LabOptions): Promise<LabFile> {
  if (options.cluster === 'lab') await assertMachine()
  else assertLinux()
  const work = async () => {
    await assertSameCluster(options.cluster)
    const owner = await claimLab(await labVersion())
    const lab: LabFile = { ...owner, ...(await SET_UP[options.cluster](options.onProgress)) }
    await writeJson(files.lab, lab)
    return lab
  }
  return withFileLock(files.lock, work, () => {
    const line = 'another process is setting up or taking down the lab'
    options.onProgress({ step: 'Waiting', state: 'line', line })
  })
}

const SET_UP = { lab: setUpLab, current: setUpTemporal, compose: setUpCompose }

async function assertSameCluster(cluster: LabFile['cluster']): Promise<void> {
  const lab = await readLab()
  if (!lab || lab.cluster === cluster) return
  const alive = await Promise.all((await readPidFiles()).map(isAlive))
  if (!alive.includes(true)) return
  throw new LabError(`The lab is up with \`--cluster ${lab.cluster}\`. Take it down first: npm run lab -- down`)
}
