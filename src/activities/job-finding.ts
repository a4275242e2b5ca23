import type { Finding } from '../domain/doctor.ts'
import type { JobFailure } from '../kubernetes/job-failure.ts'

/** Where the worker is told of an image. */
const NAMED_IN: Partial<Readonly<Record<Finding['check'], string>>> = {
  image: 'HOLDFAST_TOOLS_IMAGE (HOLDFAST_MYSQLSH_IMAGE for MySQL Shell)',
  terraformImage: 'HOLDFAST_TERRAFORM_IMAGE',
  mysqlImage: 'HOLDFAST_MYSQL_IMAGE',
}

/** What a doctor finds where one of its Jobs came to nothing. */
export function jobFinding(check: Finding['check'], { namespace, jobName, why, remedy }: JobFailure): Finding {
  const found = `Job ${namespace}/${jobName}: ${why}`
  const whatToDo = remedy ?? `Look at: kubectl --namespace ${namespace} describe job ${jobName}`
  const variable = NAMED_IN[check]
  const where = variable === undefined ? '' : ` The worker's ${variable} names it.`
  return { check, state: 'failed', found, remedy: `${whatToDo}${where}` }
}
