import { readFile } from 'node:fs/promises'
import { Worker } from '@temporalio/worker'
import { workflowBundle } from '../../src/worker/workflow-bundle.ts'

/**
 * Replays histories against the code of today, and ends with an error at the first that differs. The arguments are how the workflows are
 * to be bundled, `traced` or `untraced`, and the files.
 * A program of its own: inside jest's modules the SDK cannot read a history's JSON (protobufjs: "type must be a Type").
 */
const [spans, ...files] = process.argv.slice(2)
const bundle = await workflowBundle(spans === 'traced' ? 'traced' : 'untraced')
// Spans are told once, when they happen. Nobody listens here.
const sinks = { exporter: { export: { fn: () => undefined } } }
for (const file of files) {
  await Worker.runReplayHistory({ workflowBundle: bundle, sinks }, JSON.parse(await readFile(file, 'utf8')))
}
