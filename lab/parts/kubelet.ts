import { join } from 'node:path'
import { clusterDomain, nodeAddress, nodeName } from '../addresses.ts'
import { cgroupRoot } from '../cgroups.ts'
import type { GoPrograms } from '../go-build.ts'
import { kubeconfigOf } from '../kubeconfig.ts'
import type { Part } from '../part.ts'
import { statePath } from '../paths.ts'
import type { Pki } from '../pki.ts'
import { probeHttp } from '../probes.ts'
import { writeJson } from '../write-file.ts'
import { containerdSocket } from './containerd.ts'

const configuration = statePath('config', 'kubelet.json')

/** Where kubelet keeps its pods, with what is mounted for them. */
export const kubeletFolder = statePath('kubelet')

/** Writes what kubelet reads when it starts. */
export async function writeKubeletConfiguration(pki: Pki): Promise<void> {
  await writeJson(configuration, {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    address: nodeAddress,
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: pki.authority.certificate },
    },
    authorization: { mode: 'Webhook' },
    tlsCertFile: pki.certificates.kubelet.certificate,
    tlsPrivateKeyFile: pki.certificates.kubelet.key,
    containerRuntimeEndpoint: `unix://${containerdSocket}`,
    cgroupDriver: 'cgroupfs',
    cgroupRoot,
    enforceNodeAllocatable: [],
    clusterDNS: [nodeAddress],
    clusterDomain,
    failSwapOn: false,
    // Not to be killed last takes a capability that root in a container may lack.
    oomScoreAdj: 0,
    // The lab's images come from no registry, so one that was removed for want of disk could not be pulled again.
    imageGCHighThresholdPercent: 100,
    imageGCLowThresholdPercent: 99,
    evictionHard: { 'memory.available': '100Mi', 'nodefs.available': '1Gi', 'imagefs.available': '1Gi' },
    // kube-proxy has no use for kubelet's iptables chains in its nftables mode.
    makeIPTablesUtilChains: false,
    maxPods: 250,
    podLogsDir: statePath('logs', 'pods'),
    volumePluginDir: join(kubeletFolder, 'volume-plugins'),
    shutdownGracePeriod: '0s',
  })
}

/** What runs pods on this machine. */
export function kubeletPart(programs: GoPrograms, pki: Pki): Part {
  return {
    name: 'kubelet',
    command: [
      programs.path('kubelet'),
      `--config=${configuration}`,
      `--kubeconfig=${kubeconfigOf('kubelet')}`,
      `--root-dir=${kubeletFolder}`,
      `--hostname-override=${nodeName}`,
      `--node-ip=${nodeAddress}`,
    ],
    configuration: [configuration, kubeconfigOf('kubelet'), pki.certificates.kubelet.certificate],
    address: `${nodeAddress}:10250`,
    ports: [`tcp:${nodeAddress}:10250`, 'tcp:127.0.0.1:10248'],
    probe: () => probeHttp('http://127.0.0.1:10248/healthz'),
    readySeconds: 60,
    stopSeconds: 10,
  }
}
