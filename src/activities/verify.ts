import { ApplicationFailure } from '@temporalio/activity'
import { type VerifyAnswer, verifyAnswerSchema } from '../domain/step-answers.ts'
import type { StepActivities } from '../domain/step-inputs.ts'
import type { Dependencies } from './dependencies.ts'
import { restoreEnvironment } from './restore.ts'
import { runJob } from './run-job.ts'

/**
 * Compares every restored table with the fingerprint that was taken in the dump's own snapshot.
 *
 * @throws {ApplicationFailure} `VerificationFailed`, never retried, naming the tables that differ
 */
export function createVerify({ config, runner }: Dependencies): StepActivities['verify'] {
  return async (input) => {
    const result = await runJob(runner, input, {
      purpose: 'verify',
      manifest: 'verify',
      settings: { namespace: input.namespace, image: config.images.tools, env: restoreEnvironment(input) },
      answer: verifyAnswerSchema,
    })
    if (!result.answer.equal) throw verificationFailed(result.answer, result.jobName)
    return result
  }
}

function verificationFailed(answer: VerifyAnswer, jobName: string): ApplicationFailure {
  const names = answer.differingTables.join(', ')
  return ApplicationFailure.nonRetryable(
    `What was restored is not what was dumped. These tables differ: ${names} (Job ${jobName}). This backup must not be relied on.`,
    'VerificationFailed',
    { differingTables: answer.differingTables, tables: answer.tables },
  )
}
