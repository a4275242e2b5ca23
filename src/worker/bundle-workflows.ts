// A program: prints the workflows as one bundle, in the way that Temporal's worker loads them.
import { fileURLToPath } from 'node:url'
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker'

const workflowsPath = fileURLToPath(new URL('../workflows/index.ts', import.meta.url))
// What webpack says of a bundle that it made is of no interest; warnings go to standard error.
const { code } = await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('WARN') })
process.stdout.write(code)
