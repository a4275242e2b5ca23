import { buildKubernetes, type GoPrograms } from '../../lab/go-build.ts'
import { ensurePythonTools } from '../../lab/python-tools.ts'
import { buildKwok } from './kwok.ts'

/** What a benchmark starts beside itself. */
export interface Programs {
  readonly kubernetes: GoPrograms
  /** Paths. */
  readonly kwok: string
  readonly temporal: string
}

/** Builds and fetches what the cache does not have. The lab's programs are the same ones. */
export async function providePrograms(log: (line: string) => void): Promise<Programs> {
  const kubernetes = await buildKubernetes(log, Promise.resolve())
  const kwok = await buildKwok(log)
  const tools = await ensurePythonTools(log)
  return { kubernetes, kwok, temporal: tools.path('temporal') }
}
