import { expect, test } from '@jest/globals'
import { followProgress, type LogProgress, readProgress } from '../../src/kubernetes/job-progress.ts'

const progress = (percent: number) => JSON.stringify({ progress: { percent } })

test('the newest progress of a log counts, and the newest line for a person', () => {
  const lines = ['Copying', progress(10), 'Copied 5 bytes', progress(20), '{"bytes":5}']
  expect(readProgress(lines)).toEqual({ progress: { percent: 20 }, lastLine: 'Copied 5 bytes' })
})

test('a line that only looks like progress is none', () => {
  expect(readProgress(['{"progress":', '{"progress":{"percent":900}}'])).toEqual({})
})

test('only what changed is told, until the end', async () => {
  const tails = [[], [progress(1)], [progress(1)], [progress(2)]]
  const end = new AbortController()
  const told: LogProgress[] = []
  const readTail = async () => tails.shift() ?? []
  const onProgress = (each: LogProgress) => {
    told.push(each)
    if (told.length === 2) end.abort()
  }
  await followProgress(readTail, { signal: end.signal, firstMilliseconds: 1, longestMilliseconds: 1, onProgress })
  expect(told).toEqual([{ progress: { percent: 1 } }, { progress: { percent: 2 } }])
})
