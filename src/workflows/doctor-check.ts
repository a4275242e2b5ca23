import {
  ActivityFailure,
  type ActivityOptions,
  ApplicationFailure,
  CancellationScope,
  isCancellation,
  patched,
  proxyActivities,
  TimeoutFailure,
  workflowInfo,
} from '@temporalio/workflow'
import { Checklist, type Explain } from '../domain/checklist.ts'
import { judgeClocks, offsetBy, offsetOf } from '../domain/clocks.ts'
import type { ClockOffset, DoctorResult, PodExamination, WorkerExamination } from '../domain/doctor.ts'
import type { DoctorActivities } from '../domain/doctor-activities.ts'
import { type DoctorRequest, InvalidDoctorRequestError, parseDoctorRequest } from '../domain/doctor-request.ts'
import { backupIdOf, randomPartOf } from '../domain/names.ts'
import type { UndoActivities } from '../domain/step-inputs.ts'
import { rootMessage } from './compensation.ts'
import { LOOKS_AT_IMAGES } from './patches.ts'
import { UNDO_OPTIONS } from './step-policies.ts'

/** A worker that is lost is made up for; what it cannot do is a finding, and is told soon. */
const ATTEMPTS = 3

const JOB: ActivityOptions = {
  startToCloseTimeout: '15 minutes',
  scheduleToCloseTimeout: '30 minutes',
  heartbeatTimeout: '30 seconds',
  retry: { maximumAttempts: ATTEMPTS },
  // A Job that is being deleted still holds its volume.
  cancellationType: 'WAIT_CANCELLATION_COMPLETED',
}

const { examineWorker } = proxyActivities<DoctorActivities>({
  startToCloseTimeout: '1 minute',
  scheduleToCloseTimeout: '2 minutes',
  retry: { maximumAttempts: ATTEMPTS },
  summary: 'what the worker sees',
})
const { examinePod } = proxyActivities<DoctorActivities>({ ...JOB, summary: 'what a pod sees' })
const { examineEngine } = proxyActivities<DoctorActivities>({ ...JOB, summary: "what the engine's image sees" })
const { examineTerraformImage } = proxyActivities<DoctorActivities>({ ...JOB, summary: "Terraform's image" })
const { examineMysqlImage } = proxyActivities<DoctorActivities>({ ...JOB, summary: "MySQL's image" })
const { examineVolume } = proxyActivities<DoctorActivities>({ ...JOB, summary: 'a volume for a dump' })
const { releaseStaging } = proxyActivities<UndoActivities>({
  ...UNDO_OPTIONS,
  scheduleToCloseTimeout: '5 minutes',
  summary: 'the volume goes again',
})

/**
 * Looks at what a pipeline will need at night, with the rights that it will have: those of the worker, and those of a pod like a
 * step's. It ends well whatever it finds.
 *
 * @param input a `DoctorRequest`
 * @throws {ApplicationFailure} `InvalidRequest`
 */
export async function DoctorCheck(input: unknown): Promise<DoctorResult> {
  return await new Examination(checkedRequest(input)).run()
}

/** What is found out, while it is found out. */
class Examination {
  readonly #request: DoctorRequest
  readonly #list = new Checklist(explain)
  /** From Temporal's own clock: that is what a workflow's time is. */
  readonly #clocks: ClockOffset[] = []

  constructor(request: DoctorRequest) {
    this.#request = request
  }

  async run(): Promise<DoctorResult> {
    const worker = await this.#askWorker()
    const pod = await whenAllEnded(this.#askPod(), patched(LOOKS_AT_IMAGES) ? this.#askForImages() : [])
    if (worker?.engine === 'mysqlsh') {
      await this.#list.ask(['image', 'mysql', 'privileges'], ['pod'], () => examineEngine(this.#request))
    }
    await this.#askForVolume(pod?.databaseBytes)
    this.#list.note({ check: 'clocks', ...judgeClocks(this.#clocks, this.#request.clockSeconds) })
    return { findings: this.#list.findings }
  }

  async #askWorker(): Promise<WorkerExamination | undefined> {
    const { namespace } = this.#request
    const before = Date.now()
    const worker = await this.#list.ask(['kubernetes', 'permissions'], [], () => examineWorker({ namespace }))
    if (worker) this.#clocks.push(offsetOf({ whose: 'worker', read: worker.clock, before, after: Date.now() }))
    return worker
  }

  async #askPod(): Promise<PodExamination | undefined> {
    const before = Date.now()
    const pod = await this.#list.ask(
      ['pod', 'image', 'identity', 'bucket', 'bucketSettings', 'mysql', 'privileges'],
      ['permissions'],
      () => examinePod(this.#request),
    )
    if (pod?.clocks) {
      const own = offsetOf({ whose: 'pod', read: pod.clocks.pod, before, after: Date.now() })
      this.#clocks.push(own, ...pod.clocks.others.map((other) => offsetBy(other, own)))
    }
    return pod
  }

  /** What they need is what their steps need: nothing of the pod that looks at all else. */
  #askForImages(): Promise<unknown>[] {
    const { namespace, patienceSeconds, server } = this.#request
    return [
      this.#list.ask(['terraformImage'], ['permissions'], () => examineTerraformImage({ patienceSeconds })),
      this.#list.ask(['mysqlImage'], ['permissions'], () => examineMysqlImage({ namespace, patienceSeconds, server })),
    ]
  }

  /** Of the size that a dump would get. It goes again, whatever comes. */
  async #askForVolume(databaseBytes: number | undefined): Promise<void> {
    const { namespace, patienceSeconds } = this.#request
    const { startTime, runId } = workflowInfo()
    const backupId = backupIdOf(startTime, randomPartOf(runId))
    await this.#list.ask(['volume'], ['pod'], async () => {
      const size = databaseBytes === undefined ? {} : { databaseBytes }
      try {
        return await examineVolume({ namespace, backupId, patienceSeconds, ...size })
      } finally {
        await CancellationScope.nonCancellable(() => releaseStaging({ namespace, backupId, failedJobs: 'delete' }))
      }
    })
  }
}

/** What comes of the first, once the others have ended, too: each that is cancelled removes its Job. */
async function whenAllEnded<Result>(first: Promise<Result>, others: readonly Promise<unknown>[]): Promise<Result> {
  for (const end of await Promise.allSettled([first, ...others])) if (end.status === 'rejected') throw end.reason
  return await first
}

const explain: Explain = (error) => {
  if (isCancellation(error)) throw error
  const cause = error instanceof ActivityFailure ? error.cause : error
  if (cause instanceof TimeoutFailure) {
    const found = `the worker gave no answer in time (${cause.message})`
    return { found, remedy: "Look at the worker's log, and whether it still runs." }
  }
  // What Kubernetes refused is told with its remedy in a line of its own.
  const [found = '', ...remedy] = rootMessage(error).split('\n')
  return { found, remedy: remedy.join(' ') || "Look at the worker's log." }
}

function checkedRequest(input: unknown): DoctorRequest {
  try {
    return parseDoctorRequest(input)
  } catch (error) {
    if (!(error instanceof InvalidDoctorRequestError)) throw error
    throw ApplicationFailure.nonRetryable(error.message, 'InvalidRequest')
  }
}
