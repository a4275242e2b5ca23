import type { GoPrograms } from '../go-build.ts'
import { kubeconfigOf } from '../kubeconfig.ts'
import type { Part } from '../part.ts'
import { probeHttp } from '../probes.ts'

/** What decides whether a pod fits on the node. */
export function schedulerPart(programs: GoPrograms): Part {
  return {
    name: 'kube-scheduler',
    command: [
      programs.path('kube-scheduler'),
      `--kubeconfig=${kubeconfigOf('scheduler')}`,
      '--bind-address=127.0.0.1',
      '--leader-elect=false',
      '--profiling=false',
    ],
    configuration: [kubeconfigOf('scheduler')],
    address: '127.0.0.1:10259',
    ports: ['tcp:127.0.0.1:10259'],
    probe: () => probeHttp('https://127.0.0.1:10259/healthz', 'self-signed on loopback'),
    readySeconds: 60,
    stopSeconds: 5,
  }
}
