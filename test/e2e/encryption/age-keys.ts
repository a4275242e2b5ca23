import { generateX25519Identity, identityToRecipient } from 'age-encryption'
import { kubectl, type WholeLab } from '../../support/lab.ts'

/** Makes new keys, and puts them in the place of those that are there. @returns the identity */
export async function putAgeKeys(lab: WholeLab, namespace: string): Promise<string> {
  const identity = await generateX25519Identity()
  const recipient = await identityToRecipient(identity)
  await removeAgeKeys(lab, namespace)
  const literals = [`--from-literal=identity=${identity}`, `--from-literal=recipients=${recipient}`]
  await kubectl(lab, '--namespace', namespace, 'create', 'secret', 'generic', 'holdfast-age', ...literals)
  return identity
}

export async function removeAgeKeys(lab: WholeLab, namespace: string): Promise<void> {
  await kubectl(lab, '--namespace', namespace, 'delete', 'secret', 'holdfast-age', '--ignore-not-found')
}
