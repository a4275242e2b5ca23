import type { V1Pod } from '@kubernetes/client-node'
import { z } from 'zod'
import { terminationMessage } from './diagnosis.ts'
import { JobFailedError } from './job-failure.ts'

/**
 * The answer of a complete Job, which its pod left as its termination message.
 *
 * @throws {JobFailedError} `AnswerInvalid`: complete without a valid answer is a failure, since nothing is known of what was done
 */
export function readAnswer<Answer>(answer: z.ZodType<Answer>, namespace: string, jobName: string, pod: V1Pod): Answer {
  const parsed = answer.safeParse(parseJson(terminationMessage(pod)))
  if (parsed.success) return parsed.data
  throw new JobFailedError({
    type: 'AnswerInvalid',
    namespace,
    jobName,
    why: `the Job is complete, and its answer cannot be read: ${z.prettifyError(parsed.error)}`,
    remedy: 'Is the image of the same version as the worker?',
    retryable: false,
    logTail: [],
  })
}

function parseJson(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}
