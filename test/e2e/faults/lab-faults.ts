import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { readPidFile } from '../../../lab/pid-file.ts'

const LAB = fileURLToPath(new URL('../../../lab/main.ts', import.meta.url))

/** Kills a part of the lab as a crash does, with all that it started in its process group, and has the lab mend itself. */
export async function killAndMend(part: string): Promise<void> {
  process.kill(-(await pidOf(part)), 'SIGKILL')
  await execa(process.execPath, [LAB, 'up'])
}

/** Has a part of the lab answer nobody for so long: its connections stay, and are silent. */
export async function freeze(part: string, milliseconds: number): Promise<void> {
  const pid = await pidOf(part)
  process.kill(-pid, 'SIGSTOP')
  try {
    // How long the fault lasts is the fault.
    await sleep(milliseconds)
  } finally {
    process.kill(-pid, 'SIGCONT')
  }
}

/** Has AWS, which forgets everything with it, give pods credentials that are good for so long. @returns what ends that */
export async function withCredentialsFor(seconds: number): Promise<() => Promise<void>> {
  await execa(process.execPath, [LAB, 'up'], { env: { HOLDFAST_LAB_CREDENTIALS_SECONDS: String(seconds) } })
  return async () => void (await execa(process.execPath, [LAB, 'up']))
}

async function pidOf(part: string): Promise<number> {
  const record = await readPidFile(part)
  if (!record) throw new Error(`The lab has no part ${part}.`)
  return record.pid
}
