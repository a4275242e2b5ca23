import { expect, test } from '@jest/globals'
import { listBackups } from '../../src/catalog/catalog.ts'
import { proofKey, recordKey } from '../../src/catalog/catalog-keys.ts'
import { backupIdOf } from '../../src/domain/names.ts'
import { startStandIn } from '../lab/aws/support/stand-in.ts'
import { TestBucket } from './support/test-bucket.ts'

const at = (day: number) => new Date(Date.UTC(2026, 1, day))
const [first, second, third] = [1, 2, 3].map((day) => backupIdOf(at(day), `0000000${day}`))

test('backups are listed newest first, each with its own last proof', async () => {
  const aws = await startStandIn()
  try {
    const bucket = await TestBucket.of(aws)
    if (!first || !second || !third) throw new Error('There are three.')
    const keys = [
      recordKey(first),
      proofKey(first, at(4), '00000004', 'equal'),
      proofKey(first, at(5), '00000001', 'different'),
      // Without a record it is no backup, and its proof is nobody else's.
      proofKey(second, at(6), '00000006', 'equal'),
      recordKey(third),
      'catalog/readme.txt',
      `catalog/${third}/other.json`,
      `backup1/${third}/manifest.json`,
    ]
    for (const key of keys) await bucket.put(key, '{}')
    expect(await listBackups(bucket.store)).toEqual([
      { backupId: third, startedAt: at(3), lastProof: null },
      { backupId: first, startedAt: at(1), lastProof: { at: at(5), result: 'different' } },
    ])
  } finally {
    await aws.stop()
  }
})
