import { expect, test } from '@jest/globals'
import { UploadQueue } from '../../../../images/tools/s3/upload-queue.ts'

/** Uploads that end when they are told to. */
function heldUploads() {
  const batches: { readonly files: readonly string[]; readonly end: PromiseWithResolvers<number> }[] = []
  const queue = new UploadQueue(async (files, onBytes) => {
    const end = Promise.withResolvers<number>()
    batches.push({ files, end })
    onBytes(1)
    return await end.promise
  })
  return { queue, batches }
}

test('a file is uploaded at once, and those that are finished meanwhile together after it', async () => {
  const { queue, batches } = heldUploads()
  for (const file of ['a', 'b', 'c']) queue.add(file)
  expect(batches.map(({ files }) => files)).toEqual([['a']])
  const drained = queue.drain()
  batches[0]?.end.resolve(10)
  while (batches.length < 2) await new Promise(setImmediate)
  expect(batches.map(({ files }) => files)).toEqual([['a'], ['b', 'c']])
  // Those of the first, and what the second has told.
  expect(queue.bytes).toBe(11)
  batches[1]?.end.resolve(20)
  await drained
  expect(queue.bytes).toBe(30)
})

test('a queue that has been drained takes more', async () => {
  const uploaded: string[] = []
  const queue = new UploadQueue(async (files) => uploaded.push(...files))
  queue.add('a')
  await queue.drain()
  queue.add('b')
  await queue.drain()
  expect(uploaded).toEqual(['a', 'b'])
})

test('an empty queue is drained', async () => {
  await expect(heldUploads().queue.drain()).resolves.toBeUndefined()
})

test('an upload that fails is told at once, to whoever drains as well, and nothing is uploaded after it', async () => {
  const { queue, batches } = heldUploads()
  queue.add('a')
  queue.add('b')
  batches[0]?.end.reject(new Error('denied'))
  await expect(queue.failed).rejects.toThrow('denied')
  await expect(queue.drain()).rejects.toThrow('denied')
  queue.add('c')
  await expect(queue.drain()).rejects.toThrow('denied')
  expect(batches).toHaveLength(1)
})
