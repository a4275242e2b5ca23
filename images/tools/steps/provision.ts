import { z } from 'zod'
import { provisionAnswerSchema } from '../../../src/domain/step-answers.ts'
import { runStep } from '../job/run-step.ts'
import { Terraform } from '../terraform/terraform.ts'

/** Below the pod's grace period: Terraform ends the call that it is in, writes its state and releases the lock. */
const STOP_SECONDS = 50

const environment = z.object({
  TERRAFORM_DIRECTORY: z.string().prefault('/opt/holdfast/terraform/storage'),
  /** Providers that the image carries. */
  TERRAFORM_PLUGINS: z.string().prefault('/opt/holdfast/terraform/plugins'),
  /** The namespace of Terraform's state. */
  KUBE_NAMESPACE: z.string().prefault('holdfast'),
  /** How long to wait for another run's lock on the state. */
  LOCK_TIMEOUT: z
    .string()
    .regex(/^\d+[smh]$/, 'must be a time like 120s')
    .prefault('120s'),
})

await runStep(
  { name: 'provision', environment, answer: provisionAnswerSchema(), stopSeconds: STOP_SECONDS },
  async (variables, context) => {
    const terraform = new Terraform(variables.TERRAFORM_DIRECTORY, context)
    await terraform.init(variables.TERRAFORM_PLUGINS, variables.KUBE_NAMESPACE)
    const applied = await terraform.apply(variables.LOCK_TIMEOUT)
    return applied.answer()
  },
)
