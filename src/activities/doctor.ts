import {
  type DoctorAnswer,
  doctorAnswerSchema,
  type Finding,
  type PodCheck,
  type PodExamination,
} from '../domain/doctor.ts'
import type { DoctorActivities, ExaminePodInput } from '../domain/doctor-activities.ts'
import type { DoctorRequest } from '../domain/doctor-request.ts'
import type { EngineName } from '../domain/engines.ts'
import type { DoctorPurpose, StepResult } from '../domain/steps.ts'
import { refusalOf } from '../kubernetes/api-errors.ts'
import { createIfMissing, inNamespace, loadManifest } from '../kubernetes/apply.ts'
import { JobFailedError, type JobFailure } from '../kubernetes/job-failure.ts'
import type { JobSettings } from '../kubernetes/job-manifest.ts'
import type { Jobs } from '../kubernetes/job-runner.ts'
import type { Dependencies } from './dependencies.ts'
import { engineFor, imageOf } from './engine.ts'
import { createExamineImages } from './examine-images.ts'
import { createExamineWorker } from './examine-worker.ts'
import { jobFinding } from './job-finding.ts'
import { mysqlSettings } from './mysql-settings.ts'
import { prepareNamespace } from './prepare-namespace.ts'
import { followJob } from './run-job.ts'
import { claimFor, stagingClaimOf } from './staging-claim.ts'

const SEEN_BY_POD: readonly PodCheck[] = ['image', 'identity', 'bucket', 'bucketSettings', 'mysql', 'privileges']
/** What another engine than the tools' own needs otherwise. */
const LEFT_TO_ENGINE: readonly PodCheck[] = ['image', 'mysql', 'privileges']

/** One of a doctor's Jobs. */
interface DoctorJob {
  readonly purpose: DoctorPurpose
  readonly manifest: 'doctor' | 'doctor-volume'
  readonly checks: readonly PodCheck[]
  readonly settings: Omit<JobSettings, 'limits'>
}

/** The activities of a doctor. What a pod finds, and why there is none, are findings alike. */
export function createDoctorActivities(dependencies: Dependencies): DoctorActivities {
  const { config, kubernetes, runner } = dependencies

  return {
    examineWorker: createExamineWorker(dependencies),
    examinePod: async (input) => {
      await prepareNamespace(kubernetes, config, input.namespace)
      const settings = podSettings(input, config.images.tools, 'mysqldump')
      const job = { purpose: 'doctor', manifest: 'doctor', checks: SEEN_BY_POD, settings } as const
      return await examine(runner, job, input.patienceSeconds, podOrImage, podRan)
    },
    examineEngine: async (input) => {
      const engine = engineFor(config, { staging: 'volume' })
      const settings = podSettings(input, imageOf(config, engine), engine)
      const job = { purpose: 'doctorEngine', manifest: 'doctor', checks: LEFT_TO_ENGINE, settings } as const
      return await examine(runner, job, input.patienceSeconds, () => 'image')
    },
    ...createExamineImages(dependencies),
    examineVolume: async ({ namespace, backupId, databaseBytes, patienceSeconds }) => {
      const claims = (await loadManifest('staging.yaml')).map((claim) => claimFor(claim, backupId, databaseBytes))
      for (const claim of claims) {
        try {
          await createIfMissing(kubernetes, inNamespace(claim, namespace))
        } catch (error) {
          const refusal = refusalOf(error)
          if (!refusal) throw error
          return { findings: [claimRefused(refusal.why)] }
        }
      }
      const env = { DATABASE_BYTES: String(databaseBytes ?? 0) }
      const settings = { namespace, image: config.images.tools, env, stagingClaim: stagingClaimOf(backupId) }
      const job = { purpose: 'doctorVolume', manifest: 'doctor-volume', checks: ['volume'], settings } as const
      return await examine(runner, job, patienceSeconds, () => 'volume')
    },
  }
}

function podSettings(
  { namespace, bucket = '', schemas, server }: ExaminePodInput,
  image: string,
  engine: EngineName,
): DoctorJob['settings'] {
  const mysql = mysqlSettings(server)
  const what = { BUCKET: bucket, SCHEMAS: JSON.stringify(schemas), ENGINE: engine, MYSQL: server ? 'named' : 'own' }
  return { ...mysql, namespace, image, env: { ...mysql.env, ...what } }
}

/**
 * Has a pod look.
 *
 * @param culprit the check that a Job's failure is a finding of
 * @param alsoFound what follows from there being an answer
 */
async function examine(
  runner: Jobs,
  { purpose, manifest, checks, settings }: DoctorJob,
  patienceSeconds: DoctorRequest['patienceSeconds'],
  culprit: (failure: JobFailure) => Finding['check'],
  alsoFound: (result: StepResult<DoctorAnswer>) => readonly Finding[] = () => [],
): Promise<PodExamination> {
  const patience = { scheduling: patienceSeconds * 1000, starting: patienceSeconds * 1000 }
  const job = {
    purpose,
    manifest,
    settings: { ...settings, env: { ...settings.env, CHECKS: JSON.stringify(checks) } },
    answer: doctorAnswerSchema(),
    patience,
  }
  try {
    const result = await followJob(runner, { maximumTries: 1 }, job)
    const { findings, clocks, databaseBytes } = result.answer
    return {
      findings: [...findings, ...alsoFound(result)],
      clocks,
      ...(databaseBytes !== undefined && { databaseBytes }),
    }
  } catch (error) {
    if (!(error instanceof JobFailedError)) throw error
    return { findings: [jobFinding(culprit(error.failure), error.failure)] }
  }
}

/** An image that is not to be had is told apart from all else that may keep a pod from running. */
function podOrImage({ type }: JobFailure): Finding['check'] {
  return type === 'ImageNotAvailable' ? 'image' : 'pod'
}

function podRan({ jobName }: StepResult<DoctorAnswer>): readonly Finding[] {
  return [{ check: 'pod', state: 'ok', found: `the Job ${jobName} ran and answered` }]
}

function claimRefused(why: string): Finding {
  return {
    check: 'volume',
    state: 'failed',
    found: `the volume for a dump is refused: ${why}`,
    remedy:
      "Raise the namespace's quota or LimitRange, or lower storage in manifests/staging.yaml if the database is that small.",
  }
}
