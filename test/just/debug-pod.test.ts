import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { parseAllDocuments } from 'yaml'
import { withSettings } from '../../scripts/just/debug-pod.ts'
import { repository } from '../docs/support/documentation.ts'

const settings = { bucket: 'test-999999999999', region: 'eu-west-9', image: 'registry/tools:7' }

async function applied(file: string): Promise<unknown[]> {
  const text = await readFile(join(repository, 'manifests/debug', file), 'utf8')
  return parseAllDocuments(text).map((document) => withSettings(document.toJS(), settings))
}

test('every container gets the image, and who mounts the bucket', async () => {
  expect(await applied('base/pod.yaml')).toMatchObject([{ spec: { containers: [{ image: 'registry/tools:7' }] } }])
  const [sidecar] = await applied('lab/pod.yaml')
  expect(sidecar).toMatchObject({
    spec: {
      initContainers: [
        { image: 'registry/tools:7', env: expect.arrayContaining([{ name: 'BUCKET', value: 'test-999999999999' }]) },
      ],
    },
  })
})

test('a StorageClass gets bucket and region, and no key', async () => {
  const [storageClass] = await applied('eks/storage-class.yaml')
  expect(storageClass).toMatchObject({
    parameters: { remotePath: 'test-999999999999', 's3-region': 'eu-west-9', 's3-env-auth': 'true' },
  })
  expect(JSON.stringify(storageClass)).not.toMatch(/access.key|secret/i)
})

test('anything else stays as it is', async () => {
  expect(await applied('lab/namespace.yaml')).toMatchObject([{ kind: 'Namespace', metadata: { name: 'veloxpack' } }])
  expect(withSettings({ kind: 'Service', spec: { containers: [] } }, settings)).toEqual({
    kind: 'Service',
    spec: { containers: [] },
  })
})
