import { WorkflowFailedError } from '@temporalio/client'
import type { BackupResult } from '../domain/backup-result.ts'
import type { RestoreResult } from '../domain/restore-result.ts'
import type { FoundPipeline } from './backup/pipelines.ts'
import { failureDocument, resultDocument, resultTables } from './demo-report.ts'
import { followToItsEnd } from './follow-pipeline.ts'
import { print, printJson } from './print.ts'
import { restoreText } from './restore-report.ts'
import { readFailure, sayFailure } from './workflow-failure.ts'

type Run = Pick<FoundPipeline, 'handle' | 'type' | 'workflowId' | 'runId'>

/**
 * Follows a pipeline, a restore or a drill to its end, and prints how it ended. One that did not end well is exit code 1.
 *
 * @returns whether it ended well
 */
export async function followAndReport(run: Run, output: 'table' | 'json'): Promise<boolean> {
  const { handle, workflowId, runId } = run
  try {
    await followAndPrint(run, output)
    return true
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error
    process.exitCode = 1
    const failure = await readFailure(error, handle)
    if (output === 'json') printJson(failureDocument(workflowId, runId, failure))
    sayFailure(failure)
    return false
  }
}

async function followAndPrint({ handle, type, workflowId, runId }: Run, output: 'table' | 'json'): Promise<void> {
  if (type === 'BackupPipeline') {
    const result = await followToItsEnd<BackupResult>(handle)
    if (output === 'json') printJson(resultDocument(workflowId, runId, result))
    else print(resultTables(result))
    return
  }
  const result = await followToItsEnd<RestoreResult>(handle)
  if (output === 'json') printJson({ workflowId, runId, outcome: 'proven', ...result })
  else print(restoreText(result))
}
