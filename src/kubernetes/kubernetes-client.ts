import {
  BatchV1Api,
  CoreV1Api,
  KubeConfig,
  KubernetesObjectApi,
  type RequestContext,
  Watch,
} from '@kubernetes/client-node'

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
 * A configuration whose requests share connections. The client would make a pool of connections for each request, and so a TLS
 * handshake.
 */
class PooledKubeConfig extends KubeConfig {
  #pool:
    | { readonly credentials: string; readonly dispatcher: NonNullable<ReturnType<RequestContext['getDispatcher']>> }
    | undefined

  override async applySecurityAuthentication(context: RequestContext): Promise<void> {
    await super.applySecurityAuthentication(context)
    const dispatcher = context.getDispatcher()
    if (!dispatcher) return
    const { caData, caFile, server } = this.getCurrentCluster() ?? {}
    const { certData, certFile, keyData, keyFile } = this.getCurrentUser() ?? {}
    // What an authenticator renews makes a new pool: a connection stays with the certificate that it was opened with.
    const credentials = JSON.stringify([server, caData, caFile, certData, certFile, keyData, keyFile])
    if (this.#pool?.credentials !== credentials) this.#pool = { credentials, dispatcher }
    context.setDispatcher(this.#pool.dispatcher)
  }
}

/**
 * Connects as kubectl does: `KUBECONFIG`, then `~/.kube/config`, then the pod's own service account. Nothing is sent yet.
 *
 * @param kubeconfig the path of a file to be read in place of those
 */
export function connectKubernetes(kubeconfig?: string): Kubernetes {
  const config = new PooledKubeConfig()
  if (kubeconfig === undefined) config.loadFromDefault()
  else config.loadFromFile(kubeconfig)
  return {
    config,
    batch: config.makeApiClient(BatchV1Api),
    core: config.makeApiClient(CoreV1Api),
    objects: KubernetesObjectApi.makeApiClient(config),
    watch: new Watch(config),
  }
}
