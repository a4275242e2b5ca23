import { containerdSocket } from './parts/containerd.ts'
import { run } from './run.ts'

/** Runs containerd's own client against the lab's containerd, among Kubernetes' images and containers. */
async function ctr(...argumentList: string[]): Promise<string> {
  return run(['ctr', '--address', containerdSocket, '--namespace', 'k8s.io', ...argumentList])
}

/** The references of all images that containerd has. */
export async function listImages(): Promise<Set<string>> {
  return new Set((await ctr('images', 'list', '--quiet')).split('\n').filter(Boolean))
}

/** Hands an archive's image to containerd and unpacks it. */
export async function importImage(archive: string): Promise<void> {
  await ctr('images', 'import', archive)
}

/**
 * Removes images that have the same name as this one, and another tag, unless a pod is made of one: it could not be started
 * anew without it, since there is no registry to pull from.
 */
export async function removeOlderImages(reference: string, inUse: ReadonlySet<string>): Promise<void> {
  const older = olderReferences(reference, await listImages()).filter((other) => !inUse.has(other))
  if (older.length > 0) await ctr('images', 'remove', ...older)
}

/** Of the present references those of the same repository with another tag. */
export function olderReferences(reference: string, present: Iterable<string>): string[] {
  const repository = reference.slice(0, reference.lastIndexOf(':') + 1)
  return [...present].filter((other) => other.startsWith(repository) && other !== reference)
}
