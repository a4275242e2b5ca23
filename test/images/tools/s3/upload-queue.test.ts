import { expect, test } from '@jest/globals'
import { UploadQueue } from '../../../../images/tools/s3/upload-queue.ts'

/** Two uploads at a time, which end when they are told to. */
function heldUploads() {
  const begun: { readonly file: string; readonly end: PromiseWithResolvers<void> }[] = []
  const queue = new UploadQueue(2, async (file) => {
    const end = Promise.withResolvers<void>()
    begun.push({ file, end })
    await end.promise
  })
  const files = () => begun.map(({ file }) => file)
  return { queue, begun, files }
}

/** Lets everything go on that waits for nothing else. */
const settle = async () => await new Promise(setImmediate)

test('files are uploaded at once, and as many at a time as are allowed', async () => {
  const { queue, begun, files } = heldUploads()
  for (const file of ['a', 'b', 'c']) queue.add(file)
  await settle()
  expect(files()).toEqual(['a', 'b'])
  begun[1]?.end.resolve()
  await settle()
  expect(files()).toEqual(['a', 'b', 'c'])
})

test('a queue is drained when all of its files are uploaded, and takes more', async () => {
  const { queue, begun } = heldUploads()
  let isDrained = false
  queue.add('a')
  queue.add('b')
  const drained = queue.drain().then(() => {
    isDrained = true
  })
  await settle()
  begun[0]?.end.resolve()
  await settle()
  expect(isDrained).toBe(false)
  begun[1]?.end.resolve()
  await drained
  queue.add('c')
  await settle()
  begun[2]?.end.resolve()
  await queue.drain()
})

test('an empty queue is drained', async () => {
  await expect(heldUploads().queue.drain()).resolves.toBeUndefined()
})

test('an upload that fails is told at once, to whoever drains as well, and none begins after it', async () => {
  const { queue, begun, files } = heldUploads()
  for (const file of ['a', 'b', 'c']) queue.add(file)
  await settle()
  begun[0]?.end.reject(new Error('denied'))
  await expect(queue.failed).rejects.toThrow('denied')
  await expect(queue.drain()).rejects.toThrow('denied')
  queue.add('d')
  await expect(queue.drain()).rejects.toThrow('denied')
  expect(files()).toEqual(['a', 'b'])
})
