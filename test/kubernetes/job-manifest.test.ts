import { expect, test } from '@jest/globals'
import { loadJobManifest, renderJob } from '../../src/kubernetes/job-manifest.ts'

const identity = { workflowId: 'nightly', runId: 'run', purpose: 'dump' } as const
const settings = { namespace: 'shop', image: 'tools:1', env: { THREADS: '2' }, stagingClaim: 'staging-1' }

test('a Job is its manifest with its name, its labels and its settings, and the manifest stays as it is', async () => {
  const manifest = await loadJobManifest('dump')
  const before = structuredClone(manifest)
  const job = renderJob(manifest, identity, 2, settings)
  expect(manifest).toEqual(before)
  expect(job.metadata).toMatchObject({
    namespace: 'shop',
    labels: { 'holdfast.dev/run': 'run', 'holdfast.dev/try': '2' },
  })
  const container = job.spec?.template.spec?.containers[0]
  expect(container).toMatchObject({ image: 'tools:1', env: expect.arrayContaining([{ name: 'THREADS', value: '2' }]) })
  expect(container?.resources).toEqual(manifest.spec?.template.spec?.containers[0]?.resources)
  expect(job.spec?.activeDeadlineSeconds).toBe(manifest.spec?.activeDeadlineSeconds)
})

test('limits replace what the manifest says, and nothing beside it', async () => {
  const manifest = await loadJobManifest('dump')
  const limits = { memoryLimit: '3Gi', deadlineSeconds: 7200 }
  const job = renderJob(manifest, identity, 1, { ...settings, limits })
  const before = manifest.spec?.template.spec?.containers[0]?.resources
  expect(job.spec?.activeDeadlineSeconds).toBe(7200)
  expect(job.spec?.template.spec?.containers[0]?.resources).toEqual({
    ...before,
    limits: { ...before?.limits, memory: '3Gi' },
  })
})

test('a request above its new limit comes down to it', async () => {
  const job = renderJob(await loadJobManifest('dump'), identity, 1, { ...settings, limits: { memoryLimit: '16Mi' } })
  const { requests, limits } = job.spec?.template.spec?.containers[0]?.resources ?? {}
  expect({ requests: requests?.memory, limits: limits?.memory }).toEqual({ requests: '16Mi', limits: '16Mi' })
})

test('a Job for another MySQL mounts the Secret of that one', async () => {
  const manifest = await loadJobManifest('restore')
  const secretsOf = (job: typeof manifest) =>
    job.spec?.template.spec?.volumes?.flatMap(({ secret }) => secret?.secretName ?? [])
  const { stagingClaim: _, ...others } = settings
  const restoring = { ...identity, purpose: 'restore' } as const
  expect(secretsOf(renderJob(manifest, restoring, 1, others))).toEqual(['mysql', 'holdfast-age'])
  expect(secretsOf(renderJob(manifest, restoring, 1, { ...others, passwordSecret: 'other' }))).toEqual([
    'other',
    'holdfast-age',
  ])
})

test('both containers of a Job have its image and its limits, and each the values that its manifest names', async () => {
  const env = { SCHEMAS: '["shop"]', BUCKET: 'test-1', BACKUP_ID: 'b1', ENCRYPTION: 'age' }
  const limits = { memoryLimit: '3Gi' }
  const manifest = await loadJobManifest('dump-and-upload-in-pod')
  const pod = renderJob(manifest, identity, 1, { namespace: 'shop', image: 'tools:1', env, limits }).spec?.template.spec
  const containers = [...(pod?.initContainers ?? []), ...(pod?.containers ?? [])]
  const set = containers.map(({ name, image, resources, env: own = [] }) => [
    name,
    image,
    resources?.limits?.memory,
    Object.fromEntries(own.filter((each) => each.name in env).map((each) => [each.name, each.value])),
  ])
  expect(set).toEqual([
    ['dump', 'tools:1', '3Gi', { SCHEMAS: '["shop"]', BACKUP_ID: 'b1', ENCRYPTION: 'age' }],
    ['step', 'tools:1', '3Gi', { BUCKET: 'test-1', BACKUP_ID: 'b1' }],
  ])
})

test.each(['dump', 'dump-and-upload-in-pod'])(
  'the container that dumps by the Job %s is told by what',
  async (name) => {
    const { stagingClaim, ...others } = { ...settings, env: { ENGINE: 'mysqlsh' } }
    const claim = name === 'dump' ? { stagingClaim } : {}
    const pod = renderJob(await loadJobManifest(name), identity, 1, { ...others, ...claim }).spec?.template.spec
    const told = [...(pod?.initContainers ?? []), ...(pod?.containers ?? [])].filter(({ env = [] }) =>
      env.some(({ name: variable, value }) => variable === 'ENGINE' && value === 'mysqlsh'),
    )
    expect(told.map(({ command }) => command?.at(-1))).toEqual(['/opt/holdfast/steps/dump.mjs'])
  },
)

test('a container of another image than the step has stays as it is', async () => {
  const manifest = await loadJobManifest('dump')
  const other = { name: 'other', image: 'other:1', env: [{ name: 'THREADS', value: '7' }] }
  manifest.spec?.template.spec?.containers.push(structuredClone(other))
  const job = renderJob(manifest, identity, 1, settings)
  expect(job.spec?.template.spec?.containers[1]).toEqual(other)
})

test('a value that no container names goes to that of the step', async () => {
  const job = renderJob(await loadJobManifest('dump'), identity, 1, { ...settings, env: { UNNAMED: 'x' } })
  expect(job.spec?.template.spec?.containers[0]?.env).toContainEqual({ name: 'UNNAMED', value: 'x' })
})
