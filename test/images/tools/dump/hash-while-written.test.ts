import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { hashWhileWritten } from '../../../../images/tools/dump/hash-while-written.ts'

const PIECE = randomBytes(3 * 1024 * 1024 + 1)

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hash-while-written-'))
})
afterAll(() => rm(folder, { recursive: true }))

test.each([0, 1, 3])('knows a file that is written in %d pieces, each when the one before was read', async (pieces) => {
  const contents = Buffer.concat(Array.from({ length: pieces }, () => PIECE))
  const path = join(folder, `${pieces}`)
  const file = await open(path, 'w+')
  let readBytes = 0
  let onRead = () => {}
  async function write(): Promise<void> {
    for (let piece = 1; piece <= pieces; piece++) {
      const isRead = new Promise<void>((resolve) => {
        onRead = () => {
          if (readBytes === piece * PIECE.length) resolve()
        }
      })
      await file.writeFile(PIECE)
      await isRead
    }
  }
  const written = await hashWhileWritten(file, write(), (bytes) => {
    readBytes += bytes
    onRead()
  })
  await file.close()
  expect(written).toEqual({ bytes: contents.length, sha256: createHash('sha256').update(contents).digest('hex') })
  expect(readBytes).toBe(contents.length)
})

test('reads what was written at last, when it had just been read for nothing', async () => {
  const file = await open(join(folder, 'late'), 'w+')
  const { promise: writing, resolve } = Promise.withResolvers<void>()
  let reads = 0
  const hashing = hashWhileWritten(
    {
      read: async (...args) => {
        const result = await file.read(...args)
        if (reads++ === 0) {
          await file.writeFile(PIECE)
          resolve()
          await writing
        }
        return result
      },
    },
    writing,
    () => {},
  )
  expect(await hashing).toMatchObject({ bytes: PIECE.length })
  await file.close()
})

test.each(['/dev/zero', '/dev/null'])(
  'ends when the writing has failed, also where there is no end: %s',
  async (path) => {
    const file = await open(path, 'r')
    const failure = new Error('no more')
    await expect(hashWhileWritten(file, Promise.reject(failure), () => {})).rejects.toBe(failure)
    await file.close()
  },
)
