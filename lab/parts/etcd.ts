import { etcdUrl } from '../addresses.ts'
import type { GoPrograms } from '../go-build.ts'
import type { Part } from '../part.ts'
import { statePath } from '../paths.ts'
import type { Pki } from '../pki.ts'
import { probeHttp } from '../probes.ts'

const metricsUrl = 'http://127.0.0.1:2381'

/** Where the API server keeps everything. One member, reached on the loopback by certificate alone. */
export function etcdPart(programs: GoPrograms, pki: Pki): Part {
  const server = pki.certificates.etcd
  return {
    name: 'etcd',
    command: [
      programs.path('etcd'),
      '--name=lab',
      `--data-dir=${statePath('etcd')}`,
      `--listen-client-urls=${etcdUrl}`,
      `--advertise-client-urls=${etcdUrl}`,
      // A single member has no peers, but etcd insists on listening for them.
      '--listen-peer-urls=http://127.0.0.1:2380',
      '--initial-advertise-peer-urls=http://127.0.0.1:2380',
      '--initial-cluster=lab=http://127.0.0.1:2380',
      `--listen-metrics-urls=${metricsUrl}`,
      `--cert-file=${server.certificate}`,
      `--key-file=${server.key}`,
      `--trusted-ca-file=${pki.authority.certificate}`,
      '--client-cert-auth',
      '--auto-compaction-retention=1h',
      '--log-level=warn',
    ],
    configuration: [server.certificate],
    address: '127.0.0.1:2379',
    ports: ['tcp:127.0.0.1:2379', 'tcp:127.0.0.1:2380', 'tcp:127.0.0.1:2381'],
    probe: () => probeHttp(`${metricsUrl}/readyz`),
    readySeconds: 60,
    stopSeconds: 10,
  }
}
