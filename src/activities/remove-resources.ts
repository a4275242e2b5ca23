import { setTimeout as sleep } from 'node:timers/promises'
import { ApplicationFailure, Context } from '@temporalio/activity'
import { z } from 'zod'
import type { CleanupActivities } from '../domain/step-inputs.ts'
import { read, remove } from '../kubernetes/apply.ts'
import { LABELS } from '../kubernetes/job-identity.ts'
import type { Dependencies } from './dependencies.ts'

const GONE_POLL_MILLISECONDS = 500

const namespaceSchema = z.looseObject({
  metadata: z.looseObject({
    labels: z.record(z.string(), z.string()).default({}),
    deletionTimestamp: z.unknown().optional(),
  }),
})

/**
 * Deletes a namespace that Holdfast made, with all that is in it, and returns when it is gone. The bucket and what is in it
 * stay.
 *
 * @throws {ApplicationFailure} `NamespaceNotOurs` where somebody else made the namespace: nothing is deleted then
 */
export function createRemoveResources({ kubernetes }: Dependencies): CleanupActivities['removeResources'] {
  return async ({ namespace }) => {
    const header = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }
    const existing = await read(kubernetes, header)
    if (!existing) return { removed: [] }
    const { labels, deletionTimestamp } = namespaceSchema.parse(existing).metadata
    if (labels[LABELS.managedBy] !== 'holdfast') {
      throw ApplicationFailure.nonRetryable(
        `The namespace ${namespace} was not made by Holdfast (no label ${LABELS.managedBy}=holdfast): nothing was deleted.`,
        'NamespaceNotOurs',
      )
    }
    // Asked for before: the right to it has gone with the namespace's other contents.
    if (deletionTimestamp === undefined) await remove(kubernetes, header)
    const { cancellationSignal } = Context.current()
    while (await read(kubernetes, header)) {
      Context.current().heartbeat()
      await sleep(GONE_POLL_MILLISECONDS, undefined, { signal: cancellationSignal })
    }
    return { removed: [`namespace/${namespace}`] }
  }
}
