import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Children } from '../../../../../images/tools/job/children.ts'
import { ProgressReporter } from '../../../../../images/tools/job/progress-reporter.ts'
import type { StepContext } from '../../../../../images/tools/job/run-step.ts'

/** Where it is, and what speaks to MySQL for it. */
export const PROGRAMS = fileURLToPath(new URL('.', import.meta.url))

/** The script that the image has. */
export const SCRIPT = fileURLToPath(new URL('../../../../../images/tools/mysqlsh/run.py', import.meta.url))

/** Variables that tests of it change. */
const CHANGED = ['PATH', 'STAND_IN_RECORD', 'STAND_IN_TABLES', 'STAND_IN_SQL', 'STAND_IN_DO', 'STAND_IN_HELP']

/** What the stand-in has written down, in its order. */
export type Recorded = Readonly<Record<string, unknown>>

/** A program `mysqlsh` that stands in for MySQL Shell, for as long as a test runs. */
export class StandIn {
  /** For what the test writes; the record lies in it. */
  readonly folder: string
  readonly lines: string[] = []
  readonly #before: NodeJS.ProcessEnv

  private constructor(folder: string) {
    this.folder = folder
    this.#before = { ...process.env }
    process.env.PATH = `${PROGRAMS}:${process.env.PATH}`
    process.env.STAND_IN_RECORD = join(folder, 'record')
  }

  static async start(): Promise<StandIn> {
    return new StandIn(await mkdtemp(join(tmpdir(), 'holdfast-test-')))
  }

  /** A step's context, whose log goes to `lines`. */
  context(): StepContext {
    const log = (line: string) => {
      this.lines.push(line)
    }
    return { children: new Children(), progress: new ProgressReporter(() => undefined), log }
  }

  async record(): Promise<Recorded[]> {
    const text = await readFile(join(this.folder, 'record'), 'utf8')
    return text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
  }

  async stop(): Promise<void> {
    for (const name of CHANGED) {
      if (this.#before[name] === undefined) delete process.env[name]
      else process.env[name] = this.#before[name]
    }
    await rm(this.folder, { recursive: true })
  }
}
