import { kubectl, type WholeLab } from '../../support/lab.ts'
import type { ToolsPod } from '../../support/tools-pod.ts'

/** Makes new keys, and puts them in the place of those that are there. @returns the identity */
export async function putAgeKeys(pod: ToolsPod, lab: WholeLab, namespace: string): Promise<string> {
  const lines = (await pod.run(['age-keygen'])).split('\n')
  const identity = lines.find((line) => line.startsWith('AGE-SECRET-KEY-')) ?? ''
  const recipient = lines.find((line) => line.startsWith('# public key: '))?.slice('# public key: '.length)
  await removeAgeKeys(lab, namespace)
  const literals = [`--from-literal=identity=${identity}`, `--from-literal=recipients=${recipient}`]
  await kubectl(lab, '--namespace', namespace, 'create', 'secret', 'generic', 'holdfast-age', ...literals)
  return identity
}

export async function removeAgeKeys(lab: WholeLab, namespace: string): Promise<void> {
  await kubectl(lab, '--namespace', namespace, 'delete', 'secret', 'holdfast-age', '--ignore-not-found')
}
