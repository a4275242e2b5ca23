import { access, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { podIdentityWebhook } from './aws/webhook-configuration.ts'
import type { GoPrograms } from './go-build.ts'
import { hashOf, hashOfFolders } from './hashes.ts'
import { files, repository, statePath } from './paths.ts'
import { run } from './run.ts'
import { writeIfChanged } from './write-file.ts'

/** Runs kubectl as the lab's administrator. @returns its standard output */
export async function kubectl(programs: GoPrograms, argumentList: string[], input?: string): Promise<string> {
  const options = input === undefined ? {} : { input }
  return run([programs.path('kubectl'), '--kubeconfig', files.adminKubeconfig, ...argumentList], options)
}

/** The images of all pods of the cluster, ended ones included. */
export async function imagesInUse(programs: GoPrograms): Promise<Set<string>> {
  const answer = await kubectl(programs, ['get', 'pods', '--all-namespaces', '--output=jsonpath={..image}'])
  return new Set(answer.split(' '))
}

/** Rights of the lab's own programs, and the StorageClass. */
export async function applyLabObjects(programs: GoPrograms, always: boolean): Promise<void> {
  await unlessApplied('lab-objects', await hashOfFolders(repository, ['lab/cluster']), always, async () => {
    await kubectl(programs, [...serverSide, '--filename', join(repository, 'lab/cluster')])
  })
}

/** Has pods be told by the AWS stand-in where they find credentials. */
export async function applyWebhook(programs: GoPrograms, always: boolean): Promise<void> {
  const webhook = JSON.stringify(await podIdentityWebhook(await readFile(files.ca, 'utf8')))
  await unlessApplied('webhook', hashOf(webhook), always, async () => {
    await kubectl(programs, [...serverSide, '--filename', '-'], webhook)
  })
}

/** Namespaces, service accounts and settings of Holdfast, and the lab's CA for its Jobs. */
export async function applyManifests(programs: GoPrograms, always: boolean): Promise<void> {
  const overlay = join(repository, 'manifests/overlays/lab')
  const present = await access(overlay).then(
    () => true,
    () => false,
  )
  if (!present) return
  const ca = await readFile(files.ca, 'utf8')
  const key = hashOf(ca, await hashOfFolders(repository, ['manifests']))
  await unlessApplied('manifests', key, always, async () => {
    await kubectl(programs, [...serverSide, '--kustomize', overlay])
    const configMap = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'holdfast-ca', namespace: 'holdfast' },
      data: { 'ca.crt': ca },
    }
    await kubectl(programs, [...serverSide, '--filename', '-'], JSON.stringify(configMap))
  })
}

const serverSide = ['apply', '--server-side', '--force-conflicts', '--field-manager=holdfast-lab']

/** kubectl takes half a second of processor time, so what was applied before is not applied again. */
async function unlessApplied(name: string, key: string, always: boolean, apply: () => Promise<void>): Promise<void> {
  const mark = statePath('applied', name)
  if (!always && (await readFile(mark, 'utf8').catch(() => undefined)) === key) return
  await apply()
  await writeIfChanged(mark, key)
}
