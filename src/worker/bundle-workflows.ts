// A program: prints the workflows as one bundle, in the way that Temporal's worker loads them; with "traced" as its argument, so
// that they tell of spans.
import { globSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker'

const workflowsPath = fileURLToPath(new URL('../workflows/index.ts', import.meta.url))
const traced = process.argv[2] === 'traced'
/** Loaded once for all workflows of a worker: docs/decisions/0022-workflows-share-the-domain.md. */
const domain = globSync(fileURLToPath(new URL('../domain/*.ts', import.meta.url)))
const { code } = await bundleWorkflowCode({
  workflowsPath,
  workflowInterceptorModules: traced ? ['@temporalio/interceptors-opentelemetry/lib/workflow-interceptors.js'] : [],
  preloadModules: domain,
  // What webpack says of a bundle that it made is of no interest; warnings go to standard error.
  logger: new DefaultLogger('WARN'),
  // A failure is told by file and line all the same. The sources themselves would be kept in memory several times over.
  webpackConfigHook: (config) => ({ ...config, devtool: 'inline-nosources-source-map' }),
})
process.stdout.write(code)
