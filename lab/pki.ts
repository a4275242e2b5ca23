import { apiServiceAddress, clusterDomain, nodeAddress, nodeName } from './addresses.ts'
import {
  type Certificate,
  type CertificateRequest,
  ensureAuthority,
  ensureCertificate,
  ensureTokenKeys,
} from './certificates.ts'

const requests = {
  etcd: { commonName: 'etcd', names: ['IP:127.0.0.1'] },
  'apiserver-to-etcd': { commonName: 'kube-apiserver' },
  apiserver: {
    commonName: 'kube-apiserver',
    names: [
      `IP:${nodeAddress}`,
      `IP:${apiServiceAddress}`,
      'DNS:kubernetes',
      'DNS:kubernetes.default',
      'DNS:kubernetes.default.svc',
      `DNS:kubernetes.default.svc.${clusterDomain}`,
    ],
  },
  'apiserver-to-kubelet': { commonName: 'kube-apiserver-kubelet-client', organization: 'system:masters' },
  kubelet: {
    commonName: `system:node:${nodeName}`,
    organization: 'system:nodes',
    names: [`IP:${nodeAddress}`, `DNS:${nodeName}`],
  },
  'controller-manager': { commonName: 'system:kube-controller-manager' },
  scheduler: { commonName: 'system:kube-scheduler' },
  proxy: { commonName: 'system:kube-proxy' },
  coredns: { commonName: 'holdfast-lab:coredns' },
  'volume-provisioner': { commonName: 'holdfast-lab:volume-provisioner' },
  aws: { commonName: 'holdfast-lab:aws' },
  'aws-server': { commonName: 'aws', names: [`IP:${nodeAddress}`] },
  admin: { commonName: 'holdfast-lab-admin', organization: 'system:masters' },
} satisfies Record<string, CertificateRequest>

/** Who in the lab has a certificate. */
export type CertificateName = keyof typeof requests

/** All certificates and keys of the lab: paths of files, each key readable by root alone. */
export type Pki = {
  authority: Certificate
  certificates: Record<CertificateName, Certificate>
  tokenKeys: { publicKey: string; privateKey: string }
}

/** Makes what is missing of the lab's certificates and keys. What is there already is kept. */
export async function ensurePki(): Promise<Pki> {
  const authority = await ensureAuthority()
  const issue = (name: CertificateName) => ensureCertificate(authority, name, requests[name])
  const certificates: Record<CertificateName, Certificate> = {
    etcd: await issue('etcd'),
    'apiserver-to-etcd': await issue('apiserver-to-etcd'),
    apiserver: await issue('apiserver'),
    'apiserver-to-kubelet': await issue('apiserver-to-kubelet'),
    kubelet: await issue('kubelet'),
    'controller-manager': await issue('controller-manager'),
    scheduler: await issue('scheduler'),
    proxy: await issue('proxy'),
    coredns: await issue('coredns'),
    'volume-provisioner': await issue('volume-provisioner'),
    aws: await issue('aws'),
    'aws-server': await issue('aws-server'),
    admin: await issue('admin'),
  }
  return { authority, certificates, tokenKeys: await ensureTokenKeys() }
}
