import { expect, test } from '@jest/globals'
import { claimFor } from '../../src/activities/staging-claim.ts'
import { backupIdSchema } from '../../src/domain/names.ts'
import { loadManifest } from '../../src/kubernetes/apply.ts'

const GIB = 1024 ** 3
const backupId = backupIdSchema().parse('20260131T235959Z-1a2b3c4d')

async function stagingManifest(storage: string) {
  const [manifest] = await loadManifest('staging.yaml')
  if (!manifest) throw new Error('There is no claim in staging.yaml.')
  return { ...manifest, spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage } } } }
}

test.each([
  ['20Gi', undefined, '20Gi'],
  ['20Gi', GIB, '20Gi'],
  ['20Gi', 90 * GIB, '101Gi'],
  ['500Mi', 1, '2Gi'],
  ['1Ti', 90 * GIB, '1Ti'],
])('a claim of %s becomes, for %s bytes of rows, one of %s', async (least, databaseBytes, storage) => {
  const claim = claimFor(await stagingManifest(least), backupId, databaseBytes)
  expect(claim).toMatchObject({
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'staging-20260131t235959z-1a2b3c4d' },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage } } },
  })
})

test('the manifest asks for storage', async () => {
  const [manifest] = await loadManifest('staging.yaml')
  expect(manifest && claimFor(manifest, backupId, undefined).spec).toEqual(manifest?.spec)
})
