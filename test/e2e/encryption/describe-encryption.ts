import type { S3Client } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { readRecord } from '../../../src/catalog/catalog.ts'
import { findDamage } from '../../../src/catalog/find-damage.ts'
import { S3Store } from '../../../src/catalog/s3-store.ts'
import { type BackupRequestInput, parseBackupRequest, stepsOf } from '../../../src/domain/backup-request.ts'
import { clusterTexts } from '../../support/aws-keys.ts'
import { administratorS3, type WholeLab } from '../../support/lab.ts'
import { ToolsPod } from '../../support/tools-pod.ts'
import type { ProvenPipeline } from '../back-up-odd-objects.ts'
import { type AgeFindings, ageFindingsSchema } from './age-findings.ts'

const MOST_MILLISECONDS = 600_000
const HEADER = 'age-encryption.org/v1'

/** A backup that was encrypted. */
export interface EncryptedBackup {
  readonly lab: WholeLab
  /** In which it was made, with its MySQL. */
  readonly namespace: string
  readonly backup: ProvenPipeline
  /** Its recipient is who the backup was encrypted for. */
  readonly identity: string
}

/**
 * Tests that need a backup that was encrypted for one recipient.
 *
 * @param encryptedOf what there is, once the tests run
 * @param changes of its pipeline's request
 */
export function describeEncryption(
  encryptedOf: () => EncryptedBackup,
  changes: Pick<BackupRequestInput, 'encryption' | 'accounts' | 'staging'>,
): void {
  describe('encryption by age', () => {
    let pod: ToolsPod
    let s3: S3Client

    beforeAll(async () => {
      const { lab, namespace } = encryptedOf()
      pod = await ToolsPod.start(lab, namespace, 'encryption')
      s3 = await administratorS3(lab)
    }, MOST_MILLISECONDS)

    afterAll(async () => {
      await pod?.remove()
      s3?.destroy()
    }, MOST_MILLISECONDS)

    test(
      'is undone by each of the identities that it was made for, and by no other',
      async () => {
        const all: AgeFindings[] = []
        await pod.runProgram('test/e2e/encryption/try-age.ts', {}, (line) =>
          all.push(ageFindingsSchema.parse(JSON.parse(line))),
        )
        const [findings] = all
        expect(findings).toMatchObject({
          header: HEADER,
          isSame: {
            'a compressed file, by the old identity': true,
            'a compressed file, by the current one': true,
            'a file that is not compressed': true,
            'size and SHA-256 of the one': true,
            'size and SHA-256 of the other': true,
          },
          failures: {
            'recipients that are not there': { type: 'RecipientsMissing' },
            'recipients of whom there is none': { type: 'RecipientsInvalid' },
            'an identity for a recipient': { type: 'RecipientsInvalid' },
            'recipients that are gone when a file is written': { type: 'ChildError' },
            'a full disk': { type: 'VolumeFull' },
            'a full disk for what is encrypted': { type: 'VolumeFull' },
            'an identity that is not there': { type: 'IdentityMissing' },
            'an identity of others': { type: 'IdentityWrong' },
            'an identity that was mistyped': { type: 'IdentityInvalid' },
            'a file whose end is missing': {
              type: 'ChildError',
              message: expect.stringContaining('failed to decrypt and authenticate'),
            },
          },
        })
        for (const identity of findings?.identities ?? []) {
          // Not even a part of it.
          expect(JSON.stringify(findings?.failures)).not.toContain(identity.slice(0, 24))
        }
      },
      MOST_MILLISECONDS,
    )

    test(
      'hides all of a backup but its manifest, which is proven and whole, also if the pod that dumped it uploads it',
      async () => {
        const { lab, namespace, backup, identity } = encryptedOf()
        const { result, history } = backup
        const request = { namespace, sampleData: { kind: 'sysbench' }, ...changes } as const
        expect(result.steps.map(({ name }) => name)).toEqual(stepsOf(parseBackupRequest(request)))
        expect(result.lockedMilliseconds).toBeGreaterThan(0)
        const { backupId, bucket } = result
        const store = new S3Store(s3, bucket)
        const { encryption, objects } = await readRecord(store, backupId)
        expect(encryption).toBe('age')
        for (const { name } of objects.filter((object) => object.name !== 'manifest.json')) {
          for (const { prefix } of result.copies) {
            const beginning = (await store.readText(prefix + name))?.slice(0, HEADER.length)
            expect({ name, beginning }).toEqual({ name, beginning: HEADER })
          }
        }
        const names = ['manifest.json', 'fingerprint.json.age', 'accounts.sql.zst.age', 's0-1-structure.sql.zst.age']
        expect(objects.map(({ name }) => name)).toEqual(expect.arrayContaining(names))
        expect(await findDamage(store, backupId, 'contents')).toEqual([])
        const texts = [history, ...(await clusterTexts(lab, [namespace])).values()]
        expect(texts.filter((text) => text.includes(identity))).toEqual([])
      },
      MOST_MILLISECONDS,
    )
  })
}
