import { fileURLToPath } from 'node:url'
import type { WorkflowBundleOption } from '@temporalio/worker'

/** Beside the worker's own bundle, where scripts/bundle-worker.ts puts it. */
const BUNDLE = fileURLToPath(new URL('workflow-bundle.js', import.meta.url))

/** The workflows as they were bundled with the worker: stands in for workflow-bundle.ts in the image, where there is no bundler. */
export async function workflowBundle(): Promise<WorkflowBundleOption> {
  return { codePath: BUNDLE }
}
