import { expect } from '@jest/globals'
import type { WorkflowHandle } from '@temporalio/client'
import type { BackupResult } from '../../src/domain/backup-result.ts'
import { SEARCH_ATTRIBUTES } from '../../src/domain/search-attributes.ts'
import { readSummaries } from '../support/summaries.ts'
import type { TemporalUi } from '../support/temporal-ui.ts'

/** A pipeline that is proven, and of what. */
export interface ShownPipeline {
  readonly handle: WorkflowHandle
  readonly result: BackupResult
  /** As it was asked for. */
  readonly request: object
  /** The same in one line. */
  readonly inShort: string
  /** `<namespace>/<schemas>` */
  readonly database: string
}

/**
 * Looks at the page of a proven pipeline as a person does, tab by tab. A worker has to run: the UI asks it for the current details.
 *
 * @param pictures a folder for a picture of the tabs that are shown in the documentation
 */
export async function expectShownInUi(ui: TemporalUi, pipeline: ShownPipeline, pictures?: string): Promise<void> {
  const { handle, result, request, inShort, database } = pipeline
  const { runId } = await handle.describe()
  await ui.openWorkflow({ workflowId: handle.workflowId, runId })

  // Beside a local activity, the timeline of UI 2.54 shows no summary.
  const lines = (await readSummaries(handle)).filter(([name]) => name !== 'local activity')
  const summaries = lines.map(([name, summary]) => summary ?? `nothing beside ${name}`)
  expect(summaries.length).toBeGreaterThan(result.steps.length)
  await ui.expectInTimeline(summaries)
  if (pictures) await ui.takePicture(`${pictures}/temporal-ui-timeline.png`)

  const bytes = result.copies[0]?.bytes
  expect(await ui.json('Search Attributes', SEARCH_ATTRIBUTES.outcome)).toMatchObject({
    HoldfastDatabase: database,
    HoldfastStep: 'verify',
    HoldfastOutcome: 'proven',
    HoldfastBackupId: result.backupId,
    HoldfastBytes: bytes,
    HoldfastProven: true,
  })
  expect(await ui.json('Memo', 'request')).toMatchObject({
    fields: { request: inShort, result: { backupId: result.backupId, bucket: result.bucket, bytes } },
  })

  await ui.openUserMetadata()
  await ui.metadata('Summary').getByText(inShort, { exact: true }).waitFor()
  const asked = await ui.metadata('Details').locator('code').textContent()
  expect(JSON.parse(asked ?? '')).toEqual(request)
  const details = ui.metadata('Current Details')
  await details.getByText(`Backup ${result.backupId}: done`).waitFor()
  const rows = await details.getByRole('row').all()
  const cells = await Promise.all(rows.slice(1).map((row) => row.getByRole('cell').allTextContents()))
  expect(cells.map((row) => row.map((cell) => cell.trim()))).toEqual(
    result.steps.map(({ name, attempts, jobName }) => [
      name,
      'done',
      expect.stringMatching(/^\d+\.\d$/),
      String(attempts),
      expect.stringMatching(new RegExp(`, Job ${jobName}$`)),
    ]),
  )
  if (pictures) await ui.takePicture(`${pictures}/temporal-ui-pipeline.png`)
}
