import { fileURLToPath } from 'node:url'
import type { WorkflowBundle } from '@temporalio/worker'
import { execa } from 'execa'
import { KeptBundle } from './kept-bundle.ts'
import type { Spans } from './spans.ts'

const BUNDLER = fileURLToPath(new URL('bundle-workflows.ts', import.meta.url))
/** Far beyond what the workflows are, in bytes. */
const MOST_BYTES = 100_000_000

/**
 * The workflows as one bundle. Another process makes it and ends: what webpack takes in memory, Node would not give back for
 * as long as the worker lives (docs/performance.md has the figure). It is kept: from the same sources it is made once.
 */
export async function workflowBundle(spans: Spans = 'untraced'): Promise<WorkflowBundle> {
  const kept = await KeptBundle.ofTheseSources(spans)
  const code = await kept.read()
  if (code !== undefined) return { code }
  const { stdout } = await execa(process.execPath, [BUNDLER, spans], {
    maxBuffer: MOST_BYTES,
    stripFinalNewline: false,
  })
  await kept.write(stdout)
  return { code: stdout }
}
