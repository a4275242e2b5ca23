import { apiServerUrl, etcdUrl, nodeAddress, serviceNetwork } from '../addresses.ts'
import type { GoPrograms } from '../go-build.ts'
import type { Part } from '../part.ts'
import { statePath } from '../paths.ts'
import type { Pki } from '../pki.ts'
import { probeHttp } from '../probes.ts'
import { writeJson } from '../write-file.ts'

const auditPolicy = statePath('config', 'audit-policy.json')

/** Every request of the cluster, one line each: who asked for what, without the objects themselves (Secrets among them). */
export const auditLog = statePath('logs', 'audit.log')

/** Writes what the API server reads when it starts. */
export async function writeApiServerConfiguration(): Promise<void> {
  await writeJson(auditPolicy, {
    apiVersion: 'audit.k8s.io/v1',
    kind: 'Policy',
    omitStages: ['RequestReceived'],
    rules: [{ level: 'Metadata' }],
  })
}

/** Kubernetes' API, with its default features and admission (Pod Security among it) and an audit log. */
export function apiServerPart(programs: GoPrograms, pki: Pki): Part {
  const { apiserver, 'apiserver-to-etcd': etcd, 'apiserver-to-kubelet': kubelet } = pki.certificates
  const ca = pki.authority.certificate
  return {
    name: 'kube-apiserver',
    command: [
      programs.path('kube-apiserver'),
      `--advertise-address=${nodeAddress}`,
      `--bind-address=${nodeAddress}`,
      '--secure-port=6443',
      // As on EKS: what mounts a file system for others is privileged. Which namespace may have such pods, Pod Security says.
      '--allow-privileged=true',
      `--etcd-servers=${etcdUrl}`,
      `--etcd-cafile=${ca}`,
      `--etcd-certfile=${etcd.certificate}`,
      `--etcd-keyfile=${etcd.key}`,
      `--service-cluster-ip-range=${serviceNetwork}`,
      `--tls-cert-file=${apiserver.certificate}`,
      `--tls-private-key-file=${apiserver.key}`,
      `--client-ca-file=${ca}`,
      `--service-account-issuer=${apiServerUrl}`,
      `--service-account-key-file=${pki.tokenKeys.publicKey}`,
      `--service-account-signing-key-file=${pki.tokenKeys.privateKey}`,
      '--authorization-mode=Node,RBAC',
      '--enable-admission-plugins=NodeRestriction',
      `--kubelet-client-certificate=${kubelet.certificate}`,
      `--kubelet-client-key=${kubelet.key}`,
      `--kubelet-certificate-authority=${ca}`,
      // The node's name means nothing to the resolver of this machine.
      '--kubelet-preferred-address-types=InternalIP',
      `--audit-policy-file=${auditPolicy}`,
      `--audit-log-path=${auditLog}`,
      '--audit-log-maxsize=100',
      '--audit-log-maxbackup=3',
      '--profiling=false',
    ],
    configuration: [auditPolicy, ca, apiserver.certificate, pki.tokenKeys.publicKey],
    address: `${nodeAddress}:6443`,
    ports: [`tcp:${nodeAddress}:6443`],
    probe: () => probeHttp(`${apiServerUrl}/readyz`, { caFile: ca }),
    readySeconds: 90,
    stopSeconds: 10,
  }
}
