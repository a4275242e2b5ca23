import { resolve } from 'node:path'
import { renderProgress } from '../../lab/render-progress.ts'
import { GO_HEAP_GROWTH_PERCENT } from '../../lab/supervise.ts'
import { labUp } from '../../lab/up.ts'
import { CLI_COMPILE_CACHE } from '../../src/cli/process-settings.ts'
import { workflowBundle } from '../../src/worker/workflow-bundle.ts'

/** Runs once before all tests, outside of jest's sandbox: brings the lab up, where it is not up already. */
export default async function globalSetup(): Promise<void> {
  const view = renderProgress(process.stderr)
  const lab = await labUp({ cluster: 'lab', onProgress: view.onProgress }).finally(view.close)
  process.env.KUBECONFIG = lab.kubernetes.kubeconfig
  process.env.TEMPORAL_CLI = lab.tools.temporal
  process.env.TEMPORAL_TEST_SERVER = lab.tools.temporalTestServer
  // Terraform and Temporal's servers, of which each test of a kind starts its own, collect their garbage more seldom: as the lab's parts.
  process.env.GOGC ??= GO_HEAP_GROWTH_PERCENT
  // Hundreds of commands and workers are started.
  process.env.NODE_COMPILE_CACHE ??= resolve(CLI_COMPILE_CACHE)
  // Kept from then on: the tests that need it begin at the same time.
  await workflowBundle()
}
