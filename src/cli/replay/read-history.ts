import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { WorkflowNotFoundError } from '@temporalio/client'
import { InputError } from '../input-error.ts'
import { withTemporal } from '../with-temporal.ts'
import { type History, historySchema } from './history.ts'

/**
 * The history that is meant: of a file, if there is one of that name, or of a workflow of Temporal's.
 *
 * @throws {InputError} where there is no such workflow, or the file holds no history
 */
export async function readHistory(what: string, runId: string | undefined): Promise<History> {
  if (existsSync(what)) return parseHistory(what, await readFile(what, 'utf8'))
  if (what.endsWith('.json')) throw new InputError(`${what}: there is no such file.`)
  return await fetchHistory(what, runId)
}

function parseHistory(file: string, text: string): History {
  try {
    return historySchema.parse(JSON.parse(text))
  } catch {
    throw new InputError(`${file}: is no history of a workflow, as \`temporal workflow show --output json\` prints it.`)
  }
}

async function fetchHistory(workflowId: string, runId: string | undefined): Promise<History> {
  return await withTemporal(async (client) => {
    try {
      return historySchema.parse(await client.workflow.getHandle(workflowId, runId).fetchHistory())
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error
      throw new InputError(
        `${workflowId}: is no file, and Temporal's namespace ${client.options.namespace} has no workflow of this id.`,
      )
    }
  })
}
