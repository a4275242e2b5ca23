import { z } from 'zod'
import { provisionAnswerSchema } from '../../../src/domain/step-answers.ts'
import { ChildError } from '../job/children.ts'
import { runStep } from '../job/run-step.ts'
import { StepError } from '../job/step-error.ts'
import { ApplyLog } from '../terraform/apply-log.ts'

const environment = z.object({
  TERRAFORM_DIRECTORY: z.string().prefault('/opt/holdfast/terraform/storage'),
  /** Providers that the image carries. */
  TERRAFORM_PLUGINS: z.string().prefault('/opt/holdfast/terraform/plugins'),
  /** How long to wait for another run's lock on the state. */
  LOCK_TIMEOUT: z
    .string()
    .regex(/^\d+[smh]$/, 'must be a time like 120s')
    .prefault('120s'),
})

await runStep(
  { name: 'provision', environment, answer: provisionAnswerSchema },
  async (variables, { children, log }) => {
    const folder = `-chdir=${variables.TERRAFORM_DIRECTORY}`
    const init = [
      'init',
      '-input=false',
      '-no-color',
      '-lockfile=readonly',
      `-plugin-dir=${variables.TERRAFORM_PLUGINS}`,
    ]
    await children.start('terraform', [folder, ...init], { onLine: log }).ended

    const applied = new ApplyLog()
    const onLine = (line: string) => {
      applied.read(line)
      log(line)
    }
    const apply = ['apply', '-json', '-auto-approve', '-input=false', `-lock-timeout=${variables.LOCK_TIMEOUT}`]
    try {
      await children.start('terraform', [folder, ...apply], { onLine }).ended
    } catch (error) {
      if (error instanceof ChildError) throw applyFailed(applied, error)
      throw error
    }
    return applied.answer()
  },
)

function applyFailed(applied: ApplyLog, cause: ChildError): StepError {
  const said = applied.errors.join(' | ') || cause.message
  const denied = /AccessDenied|UnauthorizedOperation|StatusCode: 403/.test(said)
  return new StepError({
    type: denied ? 'AccessDenied' : 'TerraformFailed',
    message: `terraform apply failed: ${said}`,
    remedy: denied
      ? 'The role holdfast-provision must allow it: an administrator applies terraform/bootstrap.'
      : "The pod's log has Terraform's lines. A state that stays locked: terraform force-unlock.",
    retryable: !denied,
    cause,
  })
}
