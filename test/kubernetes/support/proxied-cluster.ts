import { connectKubernetes, type Kubernetes } from '../../../src/kubernetes/kubernetes-client.ts'
import { NEEDED_PERMISSIONS } from '../../../src/kubernetes/permissions.ts'
import { kubeconfigWith, makeAccount } from '../../worker/support/account.ts'
import { makeWorkerLab, type WorkerLab } from '../../worker/support/worker-lab.ts'
import { type ApiProxy, startApiProxy } from './api-proxy.ts'

/** A namespace in the lab, and who a worker in it is. */
export interface ProxiedCluster extends WorkerLab {
  /** A worker's connection to the API server through a proxy of its own, which no earlier connection's requests reach. */
  readonly connect: () => Promise<ProxiedConnection>
}

export interface ProxiedConnection {
  readonly kubernetes: Kubernetes
  readonly proxy: ApiProxy
}

export async function makeProxiedCluster(): Promise<ProxiedCluster> {
  const own = await makeWorkerLab()
  const places = { controlNamespace: own.namespace, pipelineNamespace: own.namespace }
  const account = await makeAccount(own.lab, NEEDED_PERMISSIONS, places)
  const cluster = connectKubernetes().config.getCurrentCluster()
  const ca = Buffer.from(cluster?.caData ?? '', 'base64').toString()
  return {
    ...own,
    connect: async () => {
      const proxy = await startApiProxy({ target: cluster?.server ?? '', ca, token: account.token })
      const { kubeconfig, remove } = await kubeconfigWith(own.lab, {}, proxy.server)
      const kubernetes = connectKubernetes(kubeconfig)
      await remove()
      return { kubernetes, proxy }
    },
    remove: async () => {
      await account.remove()
      await own.remove()
    },
  }
}
