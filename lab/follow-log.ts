import { access } from 'node:fs/promises'
import { execa } from 'execa'
import { LabError } from './lab-error.ts'
import { logFile } from './log-files.ts'

/** Prints the end of a part's log, and with `follow` what is added to it. @throws LabError if there is none */
export async function followLog(part: string, options: { follow: boolean }): Promise<void> {
  const path = logFile(part)
  await access(path).catch(() => {
    throw new LabError(`${part} has no log: it was never started.`)
  })
  const follow = options.follow ? ['--follow=name'] : []
  await execa('tail', ['--lines=200', ...follow, path], { stdio: 'inherit', reject: false })
}
