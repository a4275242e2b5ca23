import { ApplicationFailure } from '@temporalio/activity'
import { type VerifyAnswer, verifyAnswerSchema } from '../domain/step-answers.ts'
import type { StepActivities } from '../domain/step-inputs.ts'
import type { Dependencies } from './dependencies.ts'
import { mysqlSettings } from './mysql-settings.ts'
import { restoreEnvironment } from './restore.ts'
import { runJob } from './run-job.ts'

/** How many differences a message has room for. */
const SAID_DIFFERENCES = 5

/**
 * Compares all that was restored with the fingerprint that was taken in the dump's own snapshot.
 *
 * @throws {ApplicationFailure} `VerificationFailed`, never retried, saying what differs
 */
export function createVerify({ config, runner }: Dependencies): StepActivities['verify'] {
  return async (input) => {
    const mysql = mysqlSettings(input.server)
    const result = await runJob(runner, input, {
      purpose: 'verify',
      manifest: 'verify',
      settings: {
        ...mysql,
        namespace: input.namespace,
        image: config.images.tools,
        env: { ...mysql.env, ...restoreEnvironment(input) },
      },
      answer: verifyAnswerSchema(),
    })
    if (result.answer.differenceCount > 0) throw verificationFailed(result.answer, result.jobName)
    return result
  }
}

function verificationFailed(answer: VerifyAnswer, jobName: string): ApplicationFailure {
  const { differences, differenceCount, tables } = answer
  const said = differences.slice(0, SAID_DIFFERENCES).map(({ kind, name, what }) => `The ${kind} \`${name}\` ${what}.`)
  const more = differenceCount - said.length
  if (more > 0) said.push(`${more} more differences are in the Job's log.`)
  return ApplicationFailure.nonRetryable(
    `What was restored is not what was dumped (Job ${jobName}). ${said.join(' ')} This backup must not be relied on.`,
    'VerificationFailed',
    { differences, tables },
  )
}
