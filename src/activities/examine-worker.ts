import { ApiException, AuthenticationV1Api } from '@kubernetes/client-node'
import { CheckFailed, Checklist, type Explain } from '../domain/checklist.ts'
import type { DoctorActivities } from '../domain/doctor-activities.ts'
import { expandPermissions, findDenied } from '../kubernetes/access-review.ts'
import { apiErrorMessage, isNotFound } from '../kubernetes/api-errors.ts'
import type { Kubernetes } from '../kubernetes/kubernetes-client.ts'
import { NEEDED_PERMISSIONS } from '../kubernetes/permissions.ts'
import { describeDenied } from '../worker/describe-denied.ts'
import { rootMessage } from '../worker/root-message.ts'
import { within } from '../worker/within.ts'
import type { Dependencies } from './dependencies.ts'
import { engineFor } from './engine.ts'

const ANSWER_MILLISECONDS = 10_000

/** Looks at what the worker sees of Kubernetes, with the rights that it has by now: they may be others than at its start. */
export function createExamineWorker({ config, kubernetes }: Dependencies): DoctorActivities['examineWorker'] {
  return async ({ namespace }) => {
    const clock = Date.now()
    const server = kubernetes.config.getCurrentCluster()?.server ?? 'no address'
    const list = new Checklist(explainAt(server))
    await list.look('kubernetes', [], async () => {
      const user = await askWhoWeAre(kubernetes)
      await assertControlNamespace(kubernetes, config.controlNamespace)
      return `answers at ${server}; the worker is ${user}`
    })
    await list.look('permissions', ['kubernetes'], async () => {
      const namespaces = { controlNamespace: config.controlNamespace, pipelineNamespaces: [namespace] }
      const needed = expandPermissions(NEEDED_PERMISSIONS, namespaces)
      const denied = await within(3 * ANSWER_MILLISECONDS, findDenied(kubernetes, needed))
      if (denied.length === 0) return `all ${needed.length} that pipelines need in ${namespace}`
      throw new CheckFailed(
        `the worker may not ${describeDenied(denied)}`,
        'Add these verbs to its Role or ClusterRole: docs/operations.md lists what it needs.',
      )
    })
    return { findings: list.findings, clock, engine: engineFor(config, { staging: 'volume' }) }
  }
}

/** Every user may ask this: whoever gets no answer has no usable credentials, or the wrong address. */
async function askWhoWeAre({ config }: Kubernetes): Promise<string> {
  const api = config.makeApiClient(AuthenticationV1Api)
  const { status } = await within(ANSWER_MILLISECONDS, api.createSelfSubjectReview({ body: {} }))
  return status?.userInfo?.username ?? 'unknown'
}

async function assertControlNamespace({ core }: Kubernetes, name: string): Promise<void> {
  try {
    await within(ANSWER_MILLISECONDS, core.readNamespace({ name }))
  } catch (error) {
    // Whether the worker may ask is looked at next.
    if (error instanceof ApiException && error.code === 403) return
    if (!isNotFound(error)) throw error
    throw new CheckFailed(
      `the control namespace ${name} is missing`,
      'Apply manifests/overlays/eks, or start the worker with another HOLDFAST_CONTROL_NAMESPACE.',
    )
  }
}

function explainAt(server: string): Explain {
  return (error) => {
    if (error instanceof ApiException && error.code === 401) {
      return {
        found: `${server} does not know the worker's credentials (HTTP 401)`,
        remedy: "Renew those of the worker's KUBECONFIG, or its pod's service account token.",
      }
    }
    const why = error instanceof ApiException ? apiErrorMessage(error) : rootMessage(error)
    return {
      found: `${server} cannot be reached by the worker: ${why}`,
      remedy: "Is the API server up, and is it the one that the worker's KUBECONFIG should name?",
    }
  }
}
