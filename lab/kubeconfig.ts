import { readFile } from 'node:fs/promises'
import { apiServerUrl } from './addresses.ts'
import { files, statePath } from './paths.ts'
import type { CertificateName, Pki } from './pki.ts'
import { writeIfChanged } from './write-file.ts'

/** The parts that talk to the API server by a kubeconfig of their own. */
const clients = [
  'kubelet',
  'controller-manager',
  'scheduler',
  'proxy',
  'coredns',
  'volume-provisioner',
  'aws',
] as const satisfies CertificateName[]

export type KubeconfigClient = (typeof clients)[number]

/** Where a part's kubeconfig lies. */
export function kubeconfigOf(client: KubeconfigClient): string {
  return statePath('kubeconfigs', client)
}

/** Writes the administrator's kubeconfig and one for each part, with certificates inside, readable by root alone. */
export async function writeKubeconfigs(pki: Pki): Promise<void> {
  await writeKubeconfig(files.adminKubeconfig, 'admin', pki)
  for (const client of clients) await writeKubeconfig(kubeconfigOf(client), client, pki)
}

async function writeKubeconfig(path: string, name: CertificateName, pki: Pki): Promise<void> {
  const { certificate, key } = pki.certificates[name]
  const [ca, clientCertificate, clientKey] = await Promise.all([
    readBase64(pki.authority.certificate),
    readBase64(certificate),
    readBase64(key),
  ])
  const cluster = 'holdfast-lab'
  const kubeconfig = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: cluster, cluster: { server: apiServerUrl, 'certificate-authority-data': ca } }],
    users: [{ name, user: { 'client-certificate-data': clientCertificate, 'client-key-data': clientKey } }],
    contexts: [{ name: cluster, context: { cluster, user: name } }],
    'current-context': cluster,
  }
  await writeIfChanged(path, `${JSON.stringify(kubeconfig, undefined, 2)}\n`, 0o600)
}

async function readBase64(path: string): Promise<string> {
  return (await readFile(path)).toString('base64')
}
