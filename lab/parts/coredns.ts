import { readFile } from 'node:fs/promises'
import { clusterDomain, nodeAddress } from '../addresses.ts'
import type { GoPrograms } from '../go-build.ts'
import { kubeconfigOf } from '../kubeconfig.ts'
import type { Part } from '../part.ts'
import { statePath } from '../paths.ts'
import { probeHttp } from '../probes.ts'
import { writeIfChanged } from '../write-file.ts'

const corefile = statePath('config', 'Corefile')

/** Writes what CoreDNS reads when it starts. */
export async function writeCoreDnsConfiguration(): Promise<void> {
  const resolver = await readFile('/etc/resolv.conf', 'utf8').catch(() => '')
  // CoreDNS refuses to start with a `forward` that names no server, as on a machine without a resolver.
  const forward = /^nameserver\s/m.test(resolver) ? '  forward . /etc/resolv.conf\n' : ''
  await writeIfChanged(
    corefile,
    `. {
  bind ${nodeAddress}
  errors
  health 127.0.0.1:8085
  ready 127.0.0.1:8086
  kubernetes ${clusterDomain} in-addr.arpa ip6.arpa {
    kubeconfig ${kubeconfigOf('coredns')}
    ttl 5
  }
${forward}  cache 30 {
    disable success ${clusterDomain}
    disable denial ${clusterDomain}
  }
  loadbalance
}
`,
  )
}

/** The cluster's DNS. It runs on the host, at an address that pods reach. */
export function coreDnsPart(programs: GoPrograms): Part {
  return {
    name: 'coredns',
    command: [programs.path('coredns'), '-conf', corefile],
    configuration: [corefile, kubeconfigOf('coredns')],
    address: `${nodeAddress}:53`,
    ports: [`udp:${nodeAddress}:53`, `tcp:${nodeAddress}:53`, 'tcp:127.0.0.1:8085', 'tcp:127.0.0.1:8086'],
    probe: () => probeHttp('http://127.0.0.1:8086/ready'),
    readySeconds: 60,
    // On SIGTERM it goes on answering for five seconds, for the sake of clients that nobody has here.
    stopSeconds: 1,
  }
}
