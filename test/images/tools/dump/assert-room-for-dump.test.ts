import { statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { expect, test } from '@jest/globals'
import { assertRoomForDump } from '../../../../images/tools/dump/assert-room-for-dump.ts'

test('a folder with more room than the rows have is taken', async () => {
  await expect(assertRoomForDump(tmpdir(), 1)).resolves.toBeUndefined()
})

test('one with less is refused, saying how much is needed and how much there is', async () => {
  const { blocks, bsize } = await statfs(tmpdir())
  const refused = assertRoomForDump(tmpdir(), blocks * bsize + 1)
  const message = expect.stringMatching(
    new RegExp(`may need [\\d.]+ [kMGTP]B, and ${tmpdir()} has [\\d.]+ [kMGTP]?B free`),
  )
  await expect(refused).rejects.toMatchObject({ type: 'VolumeTooSmall', retryable: false, message })
})
