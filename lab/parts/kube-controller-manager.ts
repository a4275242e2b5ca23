import type { GoPrograms } from '../go-build.ts'
import { kubeconfigOf } from '../kubeconfig.ts'
import type { Part } from '../part.ts'
import { statePath } from '../paths.ts'
import type { Pki } from '../pki.ts'
import { probeHttp } from '../probes.ts'

/** Kubernetes' controllers: Jobs, Deployments, garbage collection, tokens and the rest. */
export function controllerManagerPart(programs: GoPrograms, pki: Pki): Part {
  return {
    name: 'kube-controller-manager',
    command: [
      programs.path('kube-controller-manager'),
      `--kubeconfig=${kubeconfigOf('controller-manager')}`,
      '--bind-address=127.0.0.1',
      `--root-ca-file=${pki.authority.certificate}`,
      `--service-account-private-key-file=${pki.tokenKeys.privateKey}`,
      '--use-service-account-credentials',
      // There is one of it, and waiting for the lease of one that was killed takes 15 s.
      '--leader-elect=false',
      `--flex-volume-plugin-dir=${statePath('kubelet', 'volume-plugins')}`,
      '--profiling=false',
    ],
    configuration: [kubeconfigOf('controller-manager')],
    address: '127.0.0.1:10257',
    ports: ['tcp:127.0.0.1:10257'],
    probe: () => probeHttp('https://127.0.0.1:10257/healthz', 'self-signed on loopback'),
    readySeconds: 60,
    stopSeconds: 5,
  }
}
