import { ApiException, AuthenticationV1Api } from '@kubernetes/client-node'
import type { WorkerConfig } from '../config.ts'
import { type Access, expandPermissions, findDenied } from '../kubernetes/access-review.ts'
import { apiErrorMessage, isNotFound } from '../kubernetes/api-errors.ts'
import { connectKubernetes, type Kubernetes } from '../kubernetes/kubernetes-client.ts'
import { NEEDED_PERMISSIONS } from '../kubernetes/permissions.ts'
import { describeDenied } from './describe-denied.ts'
import { Refusal } from './refusal.ts'
import { rootMessage } from './root-message.ts'
import { within } from './within.ts'

const ANSWER_MILLISECONDS = 10_000
const PERMISSIONS_MILLISECONDS = 30_000

/**
 * Connects to Kubernetes and makes sure that the worker can do there what its pipelines will ask of it.
 *
 * @throws {Refusal} its settings cannot be read, it cannot be reached, it refuses the credentials, a permission or the
 * control namespace is missing
 */
export async function connectCheckedKubernetes(config: WorkerConfig): Promise<Kubernetes> {
  const kubernetes = readSettings()
  const server = kubernetes.config.getCurrentCluster()?.server ?? 'no address'
  const user = await askWhoWeAre(kubernetes, server)
  await assertPermissions(kubernetes, server, user, expandPermissions(NEEDED_PERMISSIONS, config))
  await assertNamespace(kubernetes, server, config.controlNamespace)
  return kubernetes
}

function readSettings(): Kubernetes {
  try {
    return connectKubernetes()
  } catch (error) {
    throw new Refusal("Kubernetes' settings cannot be read", rootMessage(error), 'Check KUBECONFIG or ~/.kube/config.')
  }
}

/** Every user may ask this: whoever gets no answer has no usable credentials, or the wrong address. */
async function askWhoWeAre(kubernetes: Kubernetes, server: string): Promise<string> {
  const api = kubernetes.config.makeApiClient(AuthenticationV1Api)
  try {
    const review = await within(ANSWER_MILLISECONDS, api.createSelfSubjectReview({ body: {} }))
    return review.status?.userInfo?.username ?? 'unknown'
  } catch (error) {
    throw notAnswered(error, server)
  }
}

async function assertPermissions(
  kubernetes: Kubernetes,
  server: string,
  user: string,
  needed: readonly Access[],
): Promise<void> {
  const denied = await within(PERMISSIONS_MILLISECONDS, findDenied(kubernetes, needed)).catch((error: unknown) => {
    throw notAnswered(error, server)
  })
  if (denied.length === 0) return
  throw new Refusal(
    `Kubernetes at ${server} does not allow the user ${user} what pipelines need`,
    `missing are ${describeDenied(denied)}`,
    'Add these to its Role or ClusterRole.',
  )
}

async function assertNamespace(kubernetes: Kubernetes, server: string, name: string): Promise<void> {
  try {
    await within(ANSWER_MILLISECONDS, kubernetes.core.readNamespace({ name }))
  } catch (error) {
    if (!isNotFound(error)) throw notAnswered(error, server)
    throw new Refusal(
      `the control namespace ${name} is missing in Kubernetes at ${server}`,
      'the provision step runs there, and the settings for AWS are there',
      'Apply manifests/overlays/eks, or set HOLDFAST_CONTROL_NAMESPACE.',
    )
  }
}

function notAnswered(error: unknown, server: string): Refusal {
  if (error instanceof ApiException && (error.code === 401 || error.code === 403)) {
    return new Refusal(
      `Kubernetes at ${server} refuses the credentials`,
      error.code === 401 ? 'it does not know them (HTTP 401)' : apiErrorMessage(error),
      "Renew those of KUBECONFIG's current context, or the pod's service account token.",
    )
  }
  const why = error instanceof ApiException ? apiErrorMessage(error) : rootMessage(error)
  return new Refusal(
    `Kubernetes cannot be reached at ${server}`,
    why,
    'Is its API server up, and is it the one that KUBECONFIG should name?',
  )
}
