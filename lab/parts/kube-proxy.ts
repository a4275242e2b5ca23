import { nodeAddress, nodeName, podNetwork } from '../addresses.ts'
import type { GoPrograms } from '../go-build.ts'
import { kubeconfigOf } from '../kubeconfig.ts'
import type { Part } from '../part.ts'
import { statePath } from '../paths.ts'
import { probeHttp } from '../probes.ts'
import { writeJson } from '../write-file.ts'

const configuration = statePath('config', 'kube-proxy.json')

/** Writes what kube-proxy reads when it starts. */
export async function writeProxyConfiguration(): Promise<void> {
  await writeJson(configuration, {
    apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
    kind: 'KubeProxyConfiguration',
    mode: 'nftables',
    clientConnection: { kubeconfig: kubeconfigOf('proxy') },
    hostnameOverride: nodeName,
    clusterCIDR: podNetwork,
    healthzBindAddress: '127.0.0.1:10256',
    metricsBindAddress: '127.0.0.1:10249',
    // A NodePort answers on the lab's address and not on those by which the machine is reached from outside.
    nodePortAddresses: [`${nodeAddress}/32`],
    // Zero leaves the machine's own settings of connection tracking alone.
    conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: '0s', tcpCloseWaitTimeout: '0s' },
  })
}

/** What makes the address of a Service lead to its pods, by nftables rules in tables of its own. */
export function proxyPart(programs: GoPrograms): Part {
  return {
    name: 'kube-proxy',
    command: [programs.path('kube-proxy'), `--config=${configuration}`],
    configuration: [configuration, kubeconfigOf('proxy')],
    address: '127.0.0.1:10256',
    ports: ['tcp:127.0.0.1:10256', 'tcp:127.0.0.1:10249'],
    probe: () => probeHttp('http://127.0.0.1:10256/livez'),
    readySeconds: 60,
    stopSeconds: 5,
  }
}
