import { afterAll, beforeAll, expect, jest, test } from '@jest/globals'
import { startWorker } from '../../src/cli/worker-process.ts'
import { makeWorkerLab, type WorkerLab } from './support/worker-lab.ts'

/** A worker takes seconds to start, and more on a machine that has other things to do. */
jest.setTimeout(90_000)

let own: WorkerLab

beforeAll(async () => {
  own = await makeWorkerLab()
})
afterAll(async () => await own.remove())

test('the demo knows when its worker is ready, and ends it', async () => {
  const worker = await startWorker(own.environment)
  await worker.stop()
})

test('the demo shows why its worker does not start, in words', async () => {
  await expect(startWorker({ ...own.environment, TEMPORAL_ADDRESS: '127.0.0.1:2' })).rejects.toThrow(
    /^The worker ended:\nHealth endpoints open\nThe worker cannot start: Temporal cannot be reached at 127\.0\.0\.1:2: /,
  )
})
