import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { WorkflowBundle } from '@temporalio/worker'
import type { Spans } from '../../src/worker/spans.ts'
import { workflowBundle } from '../../src/worker/workflow-bundle.ts'

/** Tells the processes that run the tests where the bundle is. */
const VARIABLE = 'TEST_WORKFLOW_BUNDLE'

/** Bundles the product's workflows once for all test files: each time costs seconds of processor. */
export async function bundleWorkflowsOnce(): Promise<void> {
  const { code } = await workflowBundle()
  const file = join(await mkdtemp(join(tmpdir(), 'holdfast-workflows-')), 'workflows.js')
  await writeFile(file, code)
  process.env[VARIABLE] = file
}

/** Removes what `bundleWorkflowsOnce` has made. */
export async function removeBundle(): Promise<void> {
  const file = process.env[VARIABLE]
  if (file !== undefined) await rm(dirname(file), { recursive: true, force: true })
}

/** The product's workflows, bundled as a worker bundles them. Traced ones are wanted seldom: they are bundled each time. */
export async function bundleForTests(spans: Spans = 'untraced'): Promise<WorkflowBundle> {
  const file = process.env[VARIABLE]
  return file === undefined || spans === 'traced' ? await workflowBundle(spans) : { code: await readFile(file, 'utf8') }
}
