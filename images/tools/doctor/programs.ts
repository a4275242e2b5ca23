import type { EngineName } from '../../../src/domain/engines.ts'
import { ChildError, type Children } from '../job/children.ts'
import { StepError } from '../job/step-error.ts'

/** What the Jobs of a backup start, by engine. */
const PROGRAMS: Readonly<Record<EngineName, readonly string[]>> = {
  mysqldump: ['mysqldump', 'mysql', 'zstd', 'rclone'],
  mysqlsh: ['mysqlsh', 'mysqldump', 'mysql', 'zstd', 'rclone'],
}

/** The first thing in a program's own words that looks like a version. */
const VERSION = /\d+\.\d+(?:\.\d+)*/

/** Starts each program that an engine needs. @returns what they are and their versions. @throws {StepError} `ProgramMissing` */
export async function programVersions(engine: EngineName, children: Children): Promise<string> {
  const versions = await Promise.all(PROGRAMS[engine].map(async (program) => await versionOf(program, children)))
  return versions.join(', ')
}

async function versionOf(program: string, children: Children): Promise<string> {
  const lines: string[] = []
  try {
    await children.start(program, ['--version'], { onLine: (line) => lines.push(line) }).ended
  } catch (error) {
    if (!(error instanceof ChildError)) throw error
    throw new StepError({
      type: 'ProgramMissing',
      message: `${program} does not run in this image: ${error.message}.`,
      remedy:
        'Build the image from images/tools (images/tools-mysqlsh for MySQL Shell) and name it in HOLDFAST_TOOLS_IMAGE (HOLDFAST_MYSQLSH_IMAGE).',
      retryable: false,
      cause: error,
    })
  }
  return `${program} ${VERSION.exec(lines.join(' '))?.[0] ?? 'of no known version'}`
}
