import { randomUUID } from 'node:crypto'
import { execa } from 'execa'
import { workerEnvironment } from '../../../lab/worker-environment.ts'
import { kubectl, theLab, type WholeLab } from '../../support/lab.ts'

/** What is a test's own in the lab that it shares with others. */
export interface WorkerLab {
  readonly lab: WholeLab
  /** A namespace of Kubernetes that stands in for the control namespace; the worker's task queue has its name too. */
  readonly namespace: string
  /** With which a worker starts. */
  readonly environment: Readonly<Record<string, string>>
  remove(): Promise<void>
}

export async function makeWorkerLab(): Promise<WorkerLab> {
  const lab = await theLab()
  const namespace = ownName()
  await kubectl(lab, 'create', 'namespace', namespace)
  return {
    lab,
    namespace,
    environment: {
      ...workerEnvironment(lab),
      HOLDFAST_TASK_QUEUE: namespace,
      HOLDFAST_CONTROL_NAMESPACE: namespace,
      HOLDFAST_HEALTH_PORT: '0',
    },
    remove: async () =>
      void (await kubectl(lab, 'delete', 'namespace', namespace, '--ignore-not-found', '--wait=false')),
  }
}

/** A name that is no other test's. */
export function ownName(): string {
  return `holdfast-test-${randomUUID().slice(0, 8)}`
}

/** Applies objects as the lab's administrator. */
export async function applyObjects(lab: WholeLab, items: readonly object[]): Promise<void> {
  const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items })
  await execa(lab.tools.kubectl, ['--kubeconfig', lab.kubernetes.kubeconfig, 'apply', '--filename', '-'], { input })
}
