import { mkdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { stringify } from 'yaml'
import type { LabFile } from './lab-file.ts'
import { files, repository, statePath } from './paths.ts'
import { workerEnvironment } from './worker-environment.ts'
import { writeIfChanged } from './write-file.ts'

/** A worker in the lab's cluster: of the lab itself, or of one of several tenants. */
export interface ClusterWorkerSettings {
  /** Told apart in the names of what is not in a namespace; absent for the lab's own. */
  readonly tenant?: string
  readonly controlNamespace: string
  readonly taskQueue: string
  /** Where its pipelines run. One that is missing is made. */
  readonly pipelineNamespace: string
  /** How many pods; absent for as many as the manifest says. */
  readonly replicas?: number
  /** Of the ConfigMap holdfast-aws, in place of the lab's or beside them. */
  readonly aws?: Readonly<Record<string, string>>
}

/**
 * Writes what an administrator would: a kustomization of the worker (`worker/`) and one of the rights in its pipelines' namespace
 * (`pipelines/`), both on top of manifests/.
 *
 * @param image by which pods find the worker's image
 * @returns the folder of the two
 */
export async function writeKustomizations(
  lab: LabFile,
  image: string,
  settings: ClusterWorkerSettings,
): Promise<string> {
  const folder = statePath('cluster-worker', settings.controlNamespace)
  const pipelines = join(folder, 'pipelines')
  await write(pipelines, inManifests(pipelines, 'worker/pipelines'), pipelinesKustomization(settings))
  const worker = join(folder, 'worker')
  await mkdir(worker, { recursive: true })
  await writeIfChanged(join(worker, CA_FILE), await authority())
  const resources = [...inManifests(worker, 'overlays/lab', 'worker/overlays/lab'), CA_FILE]
  await write(worker, resources, workerKustomization(lab, image, settings))
  return folder
}

const CA_FILE = 'holdfast-ca.json'

/** The lab's CA for Jobs, as `npm run lab -- up` gives it to the lab's own control namespace. */
async function authority(): Promise<string> {
  const metadata = { name: 'holdfast-ca', namespace: 'holdfast' }
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata,
    data: { 'ca.crt': await readFile(files.ca, 'utf8') },
  })
}

/** Kustomize takes folders by relative paths only. */
function inManifests(folder: string, ...paths: readonly string[]): string[] {
  return paths.map((path) => relative(folder, join(repository, 'manifests', path)))
}

async function write(folder: string, resources: readonly string[], content: object): Promise<void> {
  const kustomization = { apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization', resources, ...content }
  await mkdir(folder, { recursive: true })
  await writeIfChanged(join(folder, 'kustomization.yaml'), stringify(kustomization))
}

function workerKustomization(
  lab: LabFile,
  image: string,
  { tenant, controlNamespace, taskQueue, pipelineNamespace, replicas, aws = {} }: ClusterWorkerSettings,
): object {
  // Its own way to both is another one: its service account, and the address that pods know.
  const { KUBECONFIG: _, TEMPORAL_ADDRESS: __, ...images } = workerEnvironment(lab)
  const environment = { ...images, HOLDFAST_TASK_QUEUE: taskQueue, HOLDFAST_PIPELINE_NAMESPACES: pipelineNamespace }
  const literals = Object.entries(environment).map(([name, value]) => `${name}=${value}`)
  const colon = image.lastIndexOf(':')
  return {
    namespace: controlNamespace,
    images: [{ name: 'holdfast/worker', newName: image.slice(0, colon), newTag: image.slice(colon + 1) }],
    ...(replicas !== undefined && { replicas: [{ name: 'holdfast-worker', count: replicas }] }),
    configMapGenerator: [{ name: 'holdfast-worker', namespace: 'holdfast', behavior: 'merge', literals }],
    patches: [
      ...(tenant === undefined ? [] : [renamedBinding(`holdfast-worker-${tenant}`)]),
      { patch: stringify({ ...AWS_SETTINGS, data: aws }) },
    ],
  }
}

const AWS_SETTINGS = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'holdfast-aws', namespace: 'holdfast' } }

/** The one object of a worker that is neither in its namespace nor the same for all workers. */
function renamedBinding(name: string): object {
  return {
    target: { kind: 'ClusterRoleBinding', name: 'holdfast-worker' },
    options: { allowNameChange: true },
    patch: stringify([{ op: 'replace', path: '/metadata/name', value: name }]),
  }
}

function pipelinesKustomization({ controlNamespace, pipelineNamespace }: ClusterWorkerSettings): object {
  const patch = stringify([{ op: 'replace', path: '/subjects/0/namespace', value: controlNamespace }])
  return {
    namespace: pipelineNamespace,
    patches: [{ target: { kind: 'RoleBinding', name: 'holdfast-worker' }, patch }],
  }
}
