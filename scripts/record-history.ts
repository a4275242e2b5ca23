import { writeFile } from 'node:fs/promises'
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js'
import { withTemporal } from '../src/cli/with-temporal.ts'

/**
 * Writes the history of a workflow that has ended to a file, for test/replay/ (docs/decisions/0006-how-workflows-change.md):
 *   npm run record:history -- <workflow id> <file> [<run id>]
 * It is Temporal's own JSON, without what says on which machine it was recorded: nothing of that is replayed.
 */
const [workflowId, file, runId] = process.argv.slice(2)
if (workflowId === undefined || file === undefined) {
  console.error('Say which: npm run record:history -- <workflow id> <file> [<run id>]')
  process.exit(2)
}

const history = await withTemporal((client) => client.workflow.getHandle(workflowId, runId).fetchHistory())
await writeFile(file, `${JSON.stringify(JSON.parse(historyToJSON(history), withoutMachine), undefined, 2)}\n`)
console.log(`${file}: ${history.events?.length ?? 0} events of ${workflowId}`)

/** Who polled (a process and its host's name, which name its own task queue too), and where in the clone's files something was thrown. */
function withoutMachine(key: string, value: unknown): unknown {
  if (key === 'identity' || (key === 'name' && /^\d+@/.test(String(value)))) return 'recorded'
  return key === 'stackTrace' ? '' : value
}
