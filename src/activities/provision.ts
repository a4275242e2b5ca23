import { provisionAnswerSchema } from '../domain/step-answers.ts'
import type { StepActivities } from '../domain/step-inputs.ts'
import type { Dependencies } from './dependencies.ts'
import { runJob } from './run-job.ts'

/** Terraform in a Job makes the bucket, the role and its Pod Identity associations, or finds that nothing is to be done. */
export function createProvision({ config, runner }: Dependencies): StepActivities['provision'] {
  return async (input) =>
    await runJob(runner, input, {
      purpose: 'provision',
      manifest: 'provision',
      settings: { namespace: config.controlNamespace, image: config.images.terraform, env: {} },
      answer: provisionAnswerSchema(),
    })
}
