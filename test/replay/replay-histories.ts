import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { bundleWorkflowCode, Worker } from '@temporalio/worker'

/**
 * Replays the histories that the arguments name against the code of today, and ends with an error at the first that differs.
 * A program of its own: inside jest's modules the SDK cannot read a history's JSON (protobufjs: "type must be a Type").
 */
const workflowBundle = await bundleWorkflowCode({
  workflowsPath: fileURLToPath(new URL('../../src/workflows/index.ts', import.meta.url)),
})
for (const file of process.argv.slice(2)) {
  await Worker.runReplayHistory({ workflowBundle }, JSON.parse(await readFile(file, 'utf8')))
}
