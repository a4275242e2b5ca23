import { z } from 'zod'
import type { PodExamination } from '../domain/doctor.ts'
import type { DoctorActivities } from '../domain/doctor-activities.ts'
import { JobFailedError } from '../kubernetes/job-failure.ts'
import type { Dependencies } from './dependencies.ts'
import { jobFinding } from './job-finding.ts'
import { prepareNamespace } from './prepare-namespace.ts'
import { type ActivityJob, followJob } from './run-job.ts'

/** As `terraform version -json` prints it. */
const terraformAnswerSchema = z
  .looseObject({ terraform_version: z.string() })
  .transform(({ terraform_version: version }) => `Terraform ${version}`)

/** As `mysqld --version` prints it, after the path of its own. */
const mysqlAnswerSchema = z
  .strictObject({ version: z.string() })
  .transform(({ version }) => version.replace(/^\S+\s+Ver /, 'MySQL '))

/** Looks at the images that a pipeline starts beside its engine's. */
export function createExamineImages({
  config,
  kubernetes,
  runner,
}: Dependencies): Pick<DoctorActivities, 'examineTerraformImage' | 'examineMysqlImage'> {
  async function examine(
    check: 'terraformImage' | 'mysqlImage',
    patienceSeconds: number,
    job: ActivityJob<string>,
  ): Promise<PodExamination> {
    const patience = { scheduling: patienceSeconds * 1000, starting: patienceSeconds * 1000 }
    try {
      const { answer } = await followJob(runner, { maximumTries: 1 }, { ...job, patience })
      return { findings: [{ check, state: 'ok', found: `${answer}, in ${job.settings.image}` }] }
    } catch (error) {
      if (!(error instanceof JobFailedError)) throw error
      return { findings: [jobFinding(check, error.failure)] }
    }
  }

  return {
    examineTerraformImage: async ({ patienceSeconds }) =>
      await examine('terraformImage', patienceSeconds, {
        purpose: 'doctorTerraform',
        manifest: 'doctor-terraform',
        settings: { namespace: config.controlNamespace, image: config.images.terraform, env: {} },
        answer: terraformAnswerSchema,
      }),
    examineMysqlImage: async ({ namespace, patienceSeconds, server }) => {
      if (server) return { findings: [NOT_DEPLOYED] }
      await prepareNamespace(kubernetes, config, namespace)
      return await examine('mysqlImage', patienceSeconds, {
        purpose: 'doctorMysql',
        manifest: 'doctor-mysql',
        settings: { namespace, image: config.images.mysql, env: {} },
        answer: mysqlAnswerSchema,
      })
    },
  }
}

const NOT_DEPLOYED = {
  check: 'mysqlImage',
  state: 'skipped',
  found: 'not looked at: where a server is named, only a drill deploys a MySQL',
} as const
