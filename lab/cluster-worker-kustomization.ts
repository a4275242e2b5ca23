import { mkdir } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { stringify } from 'yaml'
import type { LabFile } from './lab-file.ts'
import { repository, statePath } from './paths.ts'
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
  await write(join(folder, 'pipelines'), ['worker/pipelines'], pipelinesKustomization(settings))
  await write(
    join(folder, 'worker'),
    ['overlays/lab', 'worker/overlays/lab'],
    workerKustomization(lab, image, settings),
  )
  return folder
}

async function write(folder: string, manifests: readonly string[], content: object): Promise<void> {
  const resources = manifests.map((path) => relative(folder, join(repository, 'manifests', path)))
  const kustomization = { apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization', resources, ...content }
  await mkdir(folder, { recursive: true })
  await writeIfChanged(join(folder, 'kustomization.yaml'), stringify(kustomization))
}

function workerKustomization(
  lab: LabFile,
  image: string,
  { tenant, controlNamespace, taskQueue, pipelineNamespace, aws = {} }: ClusterWorkerSettings,
): object {
  // Its own way to both is another one: its service account, and the address that pods know.
  const { KUBECONFIG: _, TEMPORAL_ADDRESS: __, ...images } = workerEnvironment(lab)
  const environment = { ...images, HOLDFAST_TASK_QUEUE: taskQueue, HOLDFAST_PIPELINE_NAMESPACES: pipelineNamespace }
  const literals = Object.entries(environment).map(([name, value]) => `${name}=${value}`)
  const colon = image.lastIndexOf(':')
  return {
    namespace: controlNamespace,
    images: [{ name: 'holdfast/worker', newName: image.slice(0, colon), newTag: image.slice(colon + 1) }],
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
