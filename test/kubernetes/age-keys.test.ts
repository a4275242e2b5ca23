import { readdir } from 'node:fs/promises'
import { expect, test } from '@jest/globals'
import { loadJobManifest } from '../../src/kubernetes/job-manifest.ts'

/** Which container of a step's Job finds which key of the Secret, and where. */
async function keysOf(step: string): Promise<string[]> {
  const pod = (await loadJobManifest(step)).spec?.template.spec
  const volumes = (pod?.volumes ?? []).filter(({ secret }) => secret?.secretName === 'holdfast-age')
  return volumes.flatMap(({ name, secret }) => {
    // Who does not encrypt has no such Secret.
    expect(secret?.optional).toBe(true)
    const items = (secret?.items ?? [{ key: 'all', path: 'all' }]).map(({ key, path }) => ({ key, path }))
    return [...(pod?.initContainers ?? []), ...(pod?.containers ?? [])].flatMap((container) =>
      (container.volumeMounts ?? [])
        .filter((mount) => mount.name === name)
        .flatMap(({ mountPath }) => items.map(({ key, path }) => `${container.name} ${key} ${mountPath}/${path}`)),
    )
  })
}

test('who dumps gets the recipients and no identity, who restores or compares gets the identity, and all others nothing', async () => {
  const steps = (await readdir('manifests/jobs')).map((file) => file.replace(/\.yaml$/, '')).sort()
  const keys = await Promise.all(steps.map(async (step) => [step, await keysOf(step)] as const))
  const [recipients, identity] = ['recipients /run/secrets/age/recipients', 'identity /run/secrets/age/identity']
  expect(keys.filter(([, found]) => found.length > 0)).toEqual([
    ['dump', [`step ${recipients}`]],
    ['dump-and-upload', [`step ${recipients}`]],
    ['dump-and-upload-in-pod', [`dump ${recipients}`]],
    ['restore', [`step ${identity}`]],
    ['swap', [`step ${identity}`]],
    ['verify', [`step ${identity}`]],
  ])
})
