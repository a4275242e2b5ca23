import { fileURLToPath } from 'node:url'
import type { WorkflowBundleOption } from '@temporalio/worker'

/** Beside the worker's own bundle, where scripts/bundle-worker.ts puts them. */
export const BUILT_BUNDLES = { untraced: 'workflow-bundle.js', traced: 'traced-workflow-bundle.js' } as const

/**
 * The workflows as they were bundled with the worker: stands in for workflow-bundle.ts in the image, where there is no bundler.
 *
 * @param spans whether the workflows tell of spans
 */
export async function workflowBundle(spans: keyof typeof BUILT_BUNDLES = 'untraced'): Promise<WorkflowBundleOption> {
  return { codePath: fileURLToPath(new URL(BUILT_BUNDLES[spans], import.meta.url)) }
}
