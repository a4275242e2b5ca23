import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { V1Container, V1Job, V1PodSpec } from '@kubernetes/client-node'
import { parse } from 'yaml'
import { z } from 'zod'
import type { JobLimits } from '../domain/job-limits.ts'
import { type JobIdentity, jobLabels, jobName, WORKFLOW_ANNOTATION } from './job-identity.ts'

/** The container in which a step's program runs, in every manifest of manifests/jobs/. */
export const STEP_CONTAINER = 'step'
/** The volume of a manifest whose claim is made for each backup. */
const STAGING_VOLUME = 'staging'
/** The volume of a manifest that is the Secret with MySQL's password. */
const PASSWORD_VOLUME = 'mysql-password'

const MANIFESTS = new URL('../../manifests/jobs/', import.meta.url)

/** What an activity may set of a Job. All the rest stands in its manifest. */
export interface JobSettings {
  readonly namespace: string
  readonly image: string
  /** Each goes to the containers whose manifest names it; to the step's own where none does. */
  readonly env: Readonly<Record<string, string>>
  /** The PersistentVolumeClaim of the staging volume, for the Jobs that have one. */
  readonly stagingClaim?: string
  /** The Secret with MySQL's password, where it is not the namespace's own MySQL. */
  readonly passwordSecret?: string
  /** Where the step needs more than its manifest gives it. */
  readonly limits?: JobLimits
}

/** As much of a Job as has to be there before the client's types can be believed. */
const jobManifestSchema = z.looseObject({
  apiVersion: z.literal('batch/v1'),
  kind: z.literal('Job'),
  spec: z.looseObject({
    template: z.looseObject({
      spec: z.looseObject({ containers: z.array(z.looseObject({ name: z.string() })).min(1) }),
    }),
  }),
})

/**
 * Reads `manifests/jobs/<name>.yaml`.
 *
 * @throws {Error} naming the file, where it is not there or holds no Job
 */
export async function loadJobManifest(name: string): Promise<V1Job> {
  const file = fileURLToPath(new URL(`${name}.yaml`, MANIFESTS))
  const manifest: unknown = parse(await readFile(file, 'utf8'))
  const parsed = jobManifestSchema.safeParse(manifest)
  if (!parsed.success) throw new Error(`${file} holds no Job: ${z.prettifyError(parsed.error)}`)
  return manifest as V1Job
}

/** The Job of a manifest for one try of one step: named, labelled, and with its settings. The manifest stays as it is. */
export function renderJob(manifest: V1Job, identity: JobIdentity, tryNumber: number, settings: JobSettings): V1Job {
  const job = structuredClone(manifest)
  const labels = jobLabels(identity, tryNumber)
  const annotations = { [WORKFLOW_ANNOTATION]: identity.workflowId }
  job.metadata = {
    ...job.metadata,
    name: jobName(identity, tryNumber),
    namespace: settings.namespace,
    labels: { ...job.metadata?.labels, ...labels },
    annotations: { ...job.metadata?.annotations, ...annotations },
  }
  const template = job.spec?.template
  const pod = template?.spec
  if (!template || !pod) throw new Error('The Job has no pod template.')
  template.metadata = { ...template.metadata, labels: { ...template.metadata?.labels, ...labels } }
  applySettings(pod, settings)
  applyLimits(job, settings.limits)
  return job
}

function applySettings(pod: V1PodSpec, settings: JobSettings): void {
  const containers = programContainers(pod)
  for (const container of containers) container.image = settings.image
  for (const [name, value] of Object.entries(settings.env)) {
    const naming = containers.filter(({ env }) => env?.some((variable) => variable.name === name))
    for (const container of naming.length > 0 ? naming : [stepContainer(pod)]) setVariable(container, name, value)
  }
  if (settings.stagingClaim !== undefined) {
    const staging = pod.volumes?.find(({ name }) => name === STAGING_VOLUME)
    if (!staging?.persistentVolumeClaim) throw new Error(`The Job has no claim on a volume "${STAGING_VOLUME}".`)
    staging.persistentVolumeClaim.claimName = settings.stagingClaim
  }
  if (settings.passwordSecret !== undefined) {
    const password = pod.volumes?.find(({ name }) => name === PASSWORD_VOLUME)
    if (!password?.secret) throw new Error(`The Job has no Secret as a volume "${PASSWORD_VOLUME}".`)
    password.secret.secretName = settings.passwordSecret
  }
}

function applyLimits(job: V1Job, limits: JobLimits | undefined): void {
  if (limits?.deadlineSeconds !== undefined && job.spec) job.spec.activeDeadlineSeconds = limits.deadlineSeconds
  const pod = job.spec?.template.spec
  if (limits?.memoryLimit === undefined || !pod) return
  for (const container of programContainers(pod)) limitMemory(container, limits.memoryLimit)
}

function limitMemory(container: V1Container, memoryLimit: string): void {
  const { requests = {}, ...resources } = container.resources ?? {}
  container.resources = { ...resources, limits: { ...resources.limits, memory: memoryLimit }, requests }
  // The API server refuses a request above its limit.
  const memory = requests.memory
  if (memory !== undefined && mebibytes(memory) > mebibytes(memoryLimit)) {
    container.resources.requests = { ...requests, memory: memoryLimit }
  }
}

function stepContainer(pod: V1PodSpec): V1Container {
  const container = pod.containers.find(({ name }) => name === STEP_CONTAINER)
  if (!container) throw new Error(`The Job has no container "${STEP_CONTAINER}".`)
  return container
}

/** Those in which the step's programs run: they have the image of the step's own container. */
function programContainers(pod: V1PodSpec): readonly V1Container[] {
  const { image } = stepContainer(pod)
  return [...(pod.initContainers ?? []), ...pod.containers].filter((container) => container.image === image)
}

/** Of a memory quantity in Mi or Gi, as the manifests and the limits have them. */
function mebibytes(quantity: string): number {
  return Number.parseInt(quantity, 10) * (quantity.endsWith('Gi') ? 1024 : 1)
}

function setVariable(container: V1Container, name: string, value: string): void {
  const others = (container.env ?? []).filter((variable) => variable.name !== name)
  container.env = [...others, { name, value }]
}
