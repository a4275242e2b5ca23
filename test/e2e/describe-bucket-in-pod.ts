import { describe, expect, test } from '@jest/globals'
import { readRecord } from '../../src/catalog/catalog.ts'
import { recordKey } from '../../src/catalog/catalog-keys.ts'
import { parseRecord } from '../../src/catalog/record-text.ts'
import { S3Store } from '../../src/catalog/s3-store.ts'
import type { BackupResult } from '../../src/domain/backup-result.ts'
import { administratorS3, kubectl, type WholeLab } from '../support/lab.ts'

const MOST_MILLISECONDS = 300_000

/**
 * Tests of the debug pod, which is there by then.
 *
 * @param labOf the lab, once the tests run
 * @param backupOf a backup in the bucket that is mounted
 */
export function describeBucketInPod(
  labOf: () => WholeLab,
  namespace: string,
  backupOf: () => Pick<BackupResult, 'backupId' | 'bucket'>,
): void {
  const inPod = (...command: string[]) => kubectl(labOf(), '--namespace', namespace, 'exec', 'debug', '--', ...command)

  describe('the debug pod', () => {
    test(
      'reads under /mnt/s3 what a backup has written',
      async () => {
        const { backupId, bucket } = backupOf()
        const s3 = await administratorS3(labOf())
        try {
          const record = await readRecord(new S3Store(s3, bucket), backupId)
          expect(parseRecord(await inPod('cat', `/mnt/s3/${recordKey(backupId)}`))).toEqual(record)
          for (const { name, bytes, sha256 } of record.objects) {
            const path = `/mnt/s3/backup1/${backupId}/${name}`
            expect(await inPod('stat', '--format=%s', path)).toBe(String(bytes))
            expect(await inPod('sha256sum', path)).toBe(`${sha256}  ${path}`)
          }
        } finally {
          s3.destroy()
        }
      },
      MOST_MILLISECONDS,
    )

    test(
      'can change nothing there, and is neither root nor privileged',
      async () => {
        const { backupId } = backupOf()
        await expect(inPod('rm', '--force', `/mnt/s3/${recordKey(backupId)}`)).rejects.toThrow('Read-only file system')
        expect(await inPod('id', '-u')).toBe('10001')
        expect(await inPod('grep', 'CapBnd', '/proc/self/status')).toBe('CapBnd:\t0000000000000000')
      },
      MOST_MILLISECONDS,
    )
  })
}
