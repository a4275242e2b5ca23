import { BatchV1Api, CoreV1Api, KubeConfig, KubernetesObjectApi, Watch } from '@kubernetes/client-node'

/** The API groups that Holdfast uses, over one connection configuration. */
export interface Kubernetes {
  readonly config: KubeConfig
  readonly batch: BatchV1Api
  readonly core: CoreV1Api
  /** Any kind of object, by its apiVersion and kind: for server-side apply. */
  readonly objects: KubernetesObjectApi
  readonly watch: Watch
}

/**
 * Connects as kubectl does: `KUBECONFIG`, then `~/.kube/config`, then the pod's own service account. Nothing is sent yet.
 */
export function connectKubernetes(): Kubernetes {
  const config = new KubeConfig()
  config.loadFromDefault()
  return {
    config,
    batch: config.makeApiClient(BatchV1Api),
    core: config.makeApiClient(CoreV1Api),
    objects: KubernetesObjectApi.makeApiClient(config),
    watch: new Watch(config),
  }
}
