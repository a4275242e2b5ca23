import { fileURLToPath } from 'node:url'
import type { WorkflowBundleOption } from '@temporalio/worker'
import type { Spans } from './spans.ts'

/** The workflows as they were bundled with the worker: stands in for workflow-bundle.ts in the image, where there is no bundler. */
export async function workflowBundle(spans: Spans): Promise<WorkflowBundleOption> {
  return { codePath: fileURLToPath(new URL(builtBundleName(spans), import.meta.url)) }
}

/** Beside the worker's own bundle, where scripts/bundle-worker.ts puts it. */
export function builtBundleName(spans: Spans): string {
  return `workflow-bundle-${spans}.js`
}
