import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, jest, test } from '@jest/globals'
import { createSchedule } from '../../../src/cli/schedule/create.ts'
import { describeSchedule } from '../../../src/cli/schedule/describe.ts'
import type { ScheduleView } from '../../../src/cli/schedule/read-schedule.ts'
import { cliJson, cliText } from '../../support/cli-output.ts'
import { stubActivities } from '../../support/stub-activities.ts'
import { TestTemporal } from '../../support/test-temporal.ts'
import { eventually } from '../../worker/support/eventually.ts'

/** Temporal is away for longer than the least that a schedule may catch up, 10 s. */
jest.setTimeout(120_000)

/** A cron expression, with seconds, of one moment that is so far away. */
function onceIn(milliseconds: number): { at: Date; cron: string[] } {
  const at = new Date(Math.ceil((Date.now() + milliseconds) / 1000) * 1000)
  const fields = [at.getUTCSeconds(), at.getUTCMinutes(), at.getUTCHours(), at.getUTCDate(), at.getUTCMonth() + 1, '*']
  return { at, cron: [[...fields, at.getUTCFullYear()].join(' ')] }
}

test('what Temporal missed while it was away is made up for, unless that is too long ago', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-catch-up-'))
  const dbFilename = join(folder, 'temporal.db')
  const taskQueue = randomUUID()
  const schema = (name: string) => ({ sampleData: { kind: 'none' }, schemas: [`${name}-${taskQueue}`] })
  const before = await TestTemporal.devServer({ dbFilename })
  // Far enough away that it is not due before Temporal is.
  const { at, cron } = onceIn(5000)
  const options = { cron, taskQueue, output: 'json' } as const
  const { address } = before.environment
  await cliText(address, () => createSchedule('backup', 'patient', schema('a'), { ...options, catchUp: '1h' }))
  await cliText(address, () => createSchedule('backup', 'hasty', schema('b'), { ...options, catchUp: '10s' }))
  await before.stop()
  expect(Date.now()).toBeLessThan(at.getTime())
  await sleep(at.getTime() + 11_000 - Date.now())

  const after = await TestTemporal.devServer({ dbFilename })
  try {
    await after.runOn(taskQueue, stubActivities(), async () => {
      const read = async (id: string) =>
        await cliJson<ScheduleView>(after.environment.address, () => describeSchedule(id, { output: 'json' }))
      await eventually(async () => {
        expect(await read('patient')).toMatchObject({ missed: 0, runs: [{ outcome: 'proven' }] })
        expect(await read('hasty')).toMatchObject({ missed: 1, runs: [] })
      })
      expect((await read('patient')).runs[0]?.workflowId).toBe(`patient-${at.toISOString().replace('.000Z', 'Z')}`)
    })
  } finally {
    await after.stop()
    await rm(folder, { recursive: true })
  }
})
