import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { ApplicationFailure } from '@temporalio/activity'
import { createSchedule } from '../../src/cli/schedule/create.ts'
import { triggerSchedule } from '../../src/cli/schedule/trigger.ts'
import type { BackupResult } from '../../src/domain/backup-result.ts'
import { proofIdOf, UNPROVEN_QUERY } from '../../src/domain/database-proof.ts'
import { decideUpdate } from '../../src/workflows/messages.ts'
import { cliJson, cliText } from '../support/cli-output.ts'
import { freePorts } from '../support/free-ports.ts'
import { stubActivities } from '../support/stub-activities.ts'
import { TemporalUi } from '../support/temporal-ui.ts'
import { SETUP_MILLISECONDS, TestTemporal, untilCancelled } from '../support/test-temporal.ts'
import { eventually } from '../worker/support/eventually.ts'
import { expectShownInUi } from './expect-shown-in-ui.ts'

const MOST_MILLISECONDS = 300_000
const REFRESHED_MILLISECONDS = 3000

// The lab's Temporal has this UI too: backup-pipeline.test.ts looks there at what real steps have to show.
let temporal: TestTemporal
let ui: TemporalUi

beforeAll(async () => {
  const [uiPort = 0] = await freePorts(1)
  temporal = await TestTemporal.devServer({ uiPort })
  ui = await TemporalUi.open(`http://127.0.0.1:${uiPort}`)
}, SETUP_MILLISECONDS)

afterAll(async () => {
  await ui?.close()
  await temporal?.stop()
})

describe("Temporal's UI", () => {
  test(
    'lists a database that has no proven backup, until a pipeline has proven one, whose page shows what it did',
    async () => {
      const taskQueue = randomUUID()
      const schema = `shop-${taskQueue}`
      const request = { sampleData: { kind: 'none' }, schemas: [schema], encryption: 'age' }
      const proofId = proofIdOf({ namespace: 's3-test', schemas: [schema] })
      const { address, client } = temporal.environment
      const view = 'No proven backup'
      await temporal.runOn(taskQueue, stubActivities(), async () => {
        const options = { cron: ['0 0 1 1 *'], taskQueue, output: 'json' } as const
        await cliText(address, () => createSchedule('backup', 'nightly', request, options))
        await ui.openList(UNPROVEN_QUERY)
        await ui.saveView(view)
        await ui.openView(view)
        await eventually(async () => {
          await ui.refreshList()
          expect(await ui.listed()).toEqual([expect.stringContaining(proofId)])
        })

        const json = { output: 'json' } as const
        const { workflowId } = await cliJson<{ workflowId: string }>(address, () => triggerSchedule('nightly', json))
        const handle = client.workflow.getHandle(workflowId)
        const result: BackupResult = await handle.result()
        const inShort = `Backup of ${schema} in s3-test: encrypted by age`
        await expectShownInUi(ui, { handle, result, request, inShort, database: `s3-test/${schema}` })

        await ui.openView(view)
        await eventually(async () => {
          await ui.refreshList()
          expect(await ui.listed()).toEqual([])
        })
      })
    },
    MOST_MILLISECONDS,
  )

  test(
    'shows a pipeline as it goes: the step that runs, then what an operator is asked',
    async () => {
      const dumping = Promise.withResolvers<never>()
      const stub = stubActivities(async (name) => {
        if (name === 'dump') await Promise.race([dumping.promise, untilCancelled()])
      })
      await temporal.run(stub, { onFailure: 'ask' }, async (handle) => {
        await ui.openWorkflow({ workflowId: handle.workflowId, runId: handle.firstExecutionRunId })
        await ui.openUserMetadata()
        const details = ui.metadata('Current Details')
        const row = (step: string, text: RegExp) =>
          details.getByRole('row').filter({ hasText: step }).filter({ hasText: text })
        const becomes = async (step: string, text: RegExp) =>
          await eventually(async () => {
            await ui.refreshDetails()
            await row(step, text).waitFor({ timeout: REFRESHED_MILLISECONDS })
          })
        await becomes('dump', /running since \d\d:\d\d:\d\d UTC/)
        await row('loadSampleData', /done.*hf-loadSampleData/s).waitFor()
        await row('upload', /pending/).waitFor()

        dumping.reject(ApplicationFailure.nonRetryable('no route', 'Network'))
        await becomes('dump', /failed.*no route/s)
        await details.getByText('The step dump failed. What now?').waitFor()
        await ui.expectInTimeline(["for an operator's answer: the step dump failed"])
        await handle.executeUpdate(decideUpdate, { args: [{ action: 'undo' }] })
        await handle.result().catch(() => undefined)
      })
    },
    MOST_MILLISECONDS,
  )
})
