import { expect, test } from '@jest/globals'
import { recordedHistories, replay } from './replay.ts'

test('the recorded histories, none of which was traced, replay where workflows are', async () => {
  const { exitCode, all } = await replay('traced', await recordedHistories())
  expect(exitCode === 0 ? '' : all).toBe('')
}, 180_000)
