import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { KubernetesObject } from '@kubernetes/client-node'
import { PatchStrategy } from '@kubernetes/client-node'
import { parseAllDocuments } from 'yaml'
import { z } from 'zod'
import { isAlreadyExists, isNotFound } from './api-errors.ts'
import type { Kubernetes } from './kubernetes-client.ts'

const FIELD_MANAGER = 'holdfast'
const MANIFESTS = new URL('../../manifests/', import.meta.url)

const objectSchema = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({
    name: z.string(),
    labels: z.record(z.string(), z.string()).optional(),
    annotations: z.record(z.string(), z.string()).optional(),
  }),
})

/** An object of a manifest: its kind and name are known, all else is as it was written. */
export type ManifestObject = z.infer<typeof objectSchema>

/**
 * Reads all objects of a file below manifests/.
 *
 * @throws {ZodError} where a document of it is no object of Kubernetes
 */
export async function loadManifest(path: string): Promise<readonly ManifestObject[]> {
  const text = await readFile(fileURLToPath(new URL(path, MANIFESTS)), 'utf8')
  return parseAllDocuments(text).map((document) => objectSchema.parse(document.toJS()))
}

/** The object in a namespace. */
export function inNamespace(object: ManifestObject, namespace: string): ManifestObject {
  return { ...object, metadata: { ...object.metadata, namespace } }
}

/** Brings an object to what it says, by server-side apply: what others set of it stays theirs. */
export async function apply(kubernetes: Kubernetes, object: ManifestObject): Promise<void> {
  await kubernetes.objects.patch(
    withDefinedLabels(object),
    undefined,
    undefined,
    FIELD_MANAGER,
    true,
    PatchStrategy.ServerSideApply,
  )
}

/** Creates an object, or leaves the one that is there as it is, and says which. */
export async function createIfMissing(kubernetes: Kubernetes, object: ManifestObject): Promise<'created' | 'exists'> {
  try {
    await kubernetes.objects.create(withDefinedLabels(object), undefined, undefined, FIELD_MANAGER)
    return 'created'
  } catch (error) {
    if (isAlreadyExists(error)) return 'exists'
    throw error
  }
}

/** Reads an object by its kind and name. */
export async function read(
  kubernetes: Kubernetes,
  header: { apiVersion: string; kind: string; metadata: { name: string; namespace?: string } },
): Promise<KubernetesObject | undefined> {
  try {
    return await kubernetes.objects.read(header)
  } catch (error) {
    if (isNotFound(error)) return undefined
    throw error
  }
}

/** Deletes an object with all that it owns; where there is none, nothing is done. */
export async function remove(kubernetes: Kubernetes, object: ManifestObject): Promise<void> {
  try {
    await kubernetes.objects.delete(withDefinedLabels(object), undefined, undefined, undefined, undefined, 'Foreground')
  } catch (error) {
    if (!isNotFound(error)) throw error
  }
}

/** The client's types have no place for a label that is there and undefined. */
function withDefinedLabels({ metadata, ...object }: ManifestObject): KubernetesObject {
  const { labels, annotations, ...others } = metadata
  return { ...object, metadata: { ...others, ...(labels && { labels }), ...(annotations && { annotations }) } }
}
