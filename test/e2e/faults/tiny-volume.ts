import { chmod, mkdtemp, rmdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import type { WholeLab } from '../../support/lab.ts'
import { kubectl } from '../../support/lab.ts'
import { eventually } from '../../worker/support/eventually.ts'
import { applyObjects } from '../../worker/support/worker-lab.ts'

const SIZE = '64k'

/** A volume that is full after a few kilobytes, and the claim that it is bound to. */
export interface TinyVolume {
  remove(): Promise<void>
}

/** Makes a claim of this name on a volume of so little memory; the lab's node is this machine. */
export async function makeTinyVolume(lab: WholeLab, namespace: string, claimName: string): Promise<TinyVolume> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-tiny-'))
  await execa('mount', ['-t', 'tmpfs', '-o', `size=${SIZE},mode=1777`, 'holdfast-tiny', folder])
  await chmod(folder, 0o1777)
  // More than there is: the claim is what a pipeline would make.
  const capacity = { storage: '10Gi' }
  const accessModes = ['ReadWriteOnce']
  await applyObjects(lab, [
    {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: claimName },
      spec: {
        capacity,
        accessModes,
        hostPath: { path: folder },
        persistentVolumeReclaimPolicy: 'Retain',
        claimRef: { namespace, name: claimName },
        storageClassName: '',
      },
    },
    {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: claimName, namespace },
      spec: { accessModes, resources: { requests: capacity }, storageClassName: '', volumeName: claimName },
    },
  ])
  return {
    remove: async () => {
      await kubectl(lab, '--namespace', namespace, 'delete', 'jobs', '--all')
      await kubectl(lab, '--namespace', namespace, 'delete', 'pvc', claimName, '--ignore-not-found')
      await kubectl(lab, 'delete', 'pv', claimName)
      await eventually(async () => await execa('umount', [folder]))
      await rmdir(folder)
    },
  }
}
