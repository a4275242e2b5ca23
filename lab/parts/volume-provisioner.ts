import { nodeName } from '../addresses.ts'
import type { GoPrograms } from '../go-build.ts'
import { kubeconfigOf } from '../kubeconfig.ts'
import type { Part } from '../part.ts'
import { statePath } from '../paths.ts'

/** What gives each PersistentVolumeClaim a folder of this machine. */
export function volumeProvisionerPart(programs: GoPrograms): Part {
  return {
    name: 'volume-provisioner',
    command: [
      programs.path('volume-provisioner'),
      `--kubeconfig=${kubeconfigOf('volume-provisioner')}`,
      `--root=${statePath('volumes')}`,
      `--node=${nodeName}`,
    ],
    configuration: [kubeconfigOf('volume-provisioner')],
    address: '-',
    ports: [],
    // It listens nowhere. If it cannot reach the API server it keeps trying, and says so in its log.
    probe: async () => {},
    readySeconds: 10,
    stopSeconds: 5,
  }
}
