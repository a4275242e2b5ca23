import { readFile } from 'node:fs/promises'
import { Worker } from '@temporalio/worker'
import { bundleForTests } from '../support/workflow-bundle.ts'

/**
 * Replays the histories that the arguments name against the code of today, and ends with an error at the first that differs.
 * A program of its own: inside jest's modules the SDK cannot read a history's JSON (protobufjs: "type must be a Type").
 */
const bundle = await bundleForTests()
for (const file of process.argv.slice(2)) {
  await Worker.runReplayHistory({ workflowBundle: bundle }, JSON.parse(await readFile(file, 'utf8')))
}
