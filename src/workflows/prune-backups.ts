import { ApplicationFailure, isCancellation, proxyActivities } from '@temporalio/workflow'
import { pruneInShort } from '../domain/in-short.ts'
import { InvalidPruneError, type PruneRequest, parsePruneRequest } from '../domain/prune-request.ts'
import type { PruneBackupsAnswer } from '../domain/step-answers.ts'
import type { PruneActivities } from '../domain/step-inputs.ts'
import { rootMessage } from './compensation.ts'
import { countPruned } from './metrics.ts'
import { countingFailures } from './schedule-failures.ts'
import { noVisibility, visibilityOf } from './visibility.ts'

const MAXIMUM_TRIES = 5

const { pruneBackups } = proxyActivities<PruneActivities>({
  startToCloseTimeout: '6 hours',
  heartbeatTimeout: '30 seconds',
  retry: { maximumInterval: '5 minutes' },
  summary: 'Decide by rule which backups stay, and delete the others if told to',
})

/**
 * Deletes the backups of a bucket that no rule keeps, each with its record first. A try after one that was interrupted deletes what
 * is left of the same.
 *
 * @param input a `PruneRequest`; unless it says `"mode": "delete"`, nothing is deleted
 * @throws {ApplicationFailure} `InvalidRequest`, or the Job's own failure
 */
export async function PruneBackups(input: unknown): Promise<PruneBackupsAnswer> {
  return await countingFailures(() => prune(validated(input)))
}

async function prune(request: PruneRequest): Promise<PruneBackupsAnswer> {
  const shown = visibilityOf({ proves: false, before: noVisibility })
  shown.begin({})
  shown.showMemo({ request: pruneInShort(request) })
  try {
    const { answer } = await pruneBackups({ ...request, maximumTries: MAXIMUM_TRIES })
    if (answer.mode === 'delete') countPruned(request.bucket, answer.deleted)
    shown.showDetails(detailsOf(request, answer))
    shown.showMemo({ result: answer })
    shown.showOutcome('done')
    return answer
  } catch (error) {
    if (!isCancellation(error)) shown.showMemo({ failure: rootMessage(error) })
    shown.showOutcome(isCancellation(error) ? 'cancelled' : 'failed')
    throw error
  }
}

function validated(input: unknown): PruneRequest {
  try {
    return parsePruneRequest(input)
  } catch (error) {
    if (error instanceof InvalidPruneError) throw ApplicationFailure.nonRetryable(error.message, 'InvalidRequest')
    throw error
  }
}

/** For the workflow's page in Temporal's UI. */
function detailsOf({ bucket }: PruneRequest, { mode, kept, deleted, backups }: PruneBackupsAnswer): string {
  const what = mode === 'delete' ? 'deleted' : 'would be deleted'
  const more = deleted > backups.length ? [`- and ${deleted - backups.length} more`] : []
  return [
    `\`${bucket}\`: ${kept} backups stay, ${deleted} ${what}`,
    ...backups.map((id) => `- \`${id}\``),
    ...more,
  ].join('\n')
}
