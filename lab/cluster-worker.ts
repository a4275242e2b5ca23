import { join } from 'node:path'
import { execa } from 'execa'
import { imagesInUse } from './cluster-objects.ts'
import { type ClusterWorkerSettings, writeKustomizations } from './cluster-worker-kustomization.ts'
import { importImage, listImages, removeOlderImages } from './containerd-images.ts'
import { buildWorkerImage } from './images/worker-image.ts'
import { LabError, messageOf } from './lab-error.ts'
import type { LabFile } from './lab-file.ts'
import { cacheDirectory, repository } from './paths.ts'
import { createSteps, type LabProgress } from './progress.ts'

/** Later than a worker that waits in vain for what it needs says so, and ends. */
const READY_SECONDS = 180
/** Later than Kubernetes kills a worker that does not end. */
const GONE_SECONDS = 60

/** The worker that `npm run demo -- --worker cluster` starts. */
export const LAB_WORKER: ClusterWorkerSettings = {
  controlNamespace: 'holdfast',
  taskQueue: 'holdfast',
  pipelineNamespace: 's3-test',
}

/**
 * Brings a worker up in the lab's cluster: builds its image where it is not there, and deploys it.
 *
 * @throws {LabError} its pods do not get ready; with what their last lines say
 */
export async function clusterWorkerUp(
  lab: LabFile,
  settings: ClusterWorkerSettings,
  onProgress: LabProgress,
): Promise<void> {
  const { step, finished } = createSteps(onProgress)
  const image = step("The worker's image", [], (_, log) => ensureImage(lab, log))
  void step('Worker in the cluster', [image], ([reference]) => deploy(lab, reference, settings))
  await finished()
}

/** Returns when all pods of a worker are new and ready. @throws {LabError} with what they say, where they do not get ready */
export async function untilReady(lab: LabFile, controlNamespace: string): Promise<void> {
  const kubectl = kubectlOf(lab)
  const inNamespace = ['--namespace', controlNamespace]
  const status = ['rollout', 'status', 'deployment/holdfast-worker', `--timeout=${READY_SECONDS}s`]
  await kubectl([...inNamespace, ...status]).catch(async (error: unknown) => {
    const logs = ['logs', '--selector=app.kubernetes.io/component=worker', '--tail=3', '--prefix']
    const said = await kubectl([...inNamespace, ...logs]).catch(messageOf)
    throw new LabError(`The worker in the cluster is not ready after ${READY_SECONDS} s. ${messageOf(error)}\n${said}`)
  })
}

/** Ends a worker's pods and returns when they are gone. All else of it stays. */
export async function stopClusterWorker(lab: LabFile, controlNamespace: string): Promise<void> {
  const kubectl = kubectlOf(lab)
  const inNamespace = ['--namespace', controlNamespace]
  await kubectl([...inNamespace, 'scale', 'deployment/holdfast-worker', '--replicas=0'])
  const gone = ['wait', '--for=delete', 'pods', '--selector=app.kubernetes.io/component=worker']
  await kubectl([...inNamespace, ...gone, `--timeout=${GONE_SECONDS}s`])
}

/** Has the node hold the image of the worker as this clone has it. @returns its reference */
async function ensureImage({ tools }: LabFile, log: (line: string) => void): Promise<string> {
  const { reference, archive } = await buildWorkerImage({ cacheDirectory: cacheDirectory(), repository, log })
  if ((await listImages()).has(reference)) return reference
  await importImage(archive)
  await removeOlderImages(reference, await imagesInUse({ path: () => tools.kubectl }))
  return reference
}

/**
 * Does what an administrator does once for a worker: the namespace of its pipelines and its rights there, its own namespace, account
 * and rights, and itself.
 */
async function deploy(lab: LabFile, image: string, settings: ClusterWorkerSettings): Promise<void> {
  const kubectl = kubectlOf(lab)
  const folder = await writeKustomizations(lab, image, settings)
  const metadata = { name: settings.pipelineNamespace, labels: LABELS }
  // A worker looks at its rights when it starts: they come first.
  await kubectl([...APPLY, '--filename', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata }))
  await kubectl([...APPLY, '--kustomize', join(folder, 'pipelines')])
  await kubectl([...APPLY, '--kustomize', join(folder, 'worker')])
  await untilReady(lab, settings.controlNamespace)
}

const APPLY = ['apply', '--server-side', '--force-conflicts', '--field-manager=holdfast-lab']

/** As the worker itself labels a namespace that it makes: a clean-up may delete it. */
const LABELS = {
  'app.kubernetes.io/name': 'holdfast',
  'app.kubernetes.io/managed-by': 'holdfast',
  'pod-security.kubernetes.io/enforce': 'restricted',
}

function kubectlOf(lab: LabFile): (args: readonly string[], input?: string) => Promise<string> {
  return async (args, input = '') => {
    const { stdout } = await execa(lab.tools.kubectl, ['--kubeconfig', lab.kubernetes.kubeconfig, ...args], { input })
    return stdout
  }
}
