import { once } from 'es-toolkit/function/once'
import { z } from 'zod'
import { engineNameSchema } from './engines.ts'

/** What a doctor looks at, in the order in which it is told. */
export const CHECKS = [
  'temporal',
  'namespace',
  'searchAttributes',
  'worker',
  'kubernetes',
  'permissions',
  'image',
  'terraformImage',
  'mysqlImage',
  'pod',
  'identity',
  'bucket',
  'bucketSettings',
  'mysql',
  'privileges',
  'volume',
  'clocks',
] as const
export type CheckName = (typeof CHECKS)[number]

/** Each check as a person calls it. */
export const CHECK_TITLES: Readonly<Record<CheckName, string>> = {
  temporal: 'Temporal',
  namespace: "Temporal's namespace",
  searchAttributes: 'Search attributes',
  worker: 'Worker',
  kubernetes: 'Kubernetes',
  permissions: 'Permissions (RBAC)',
  image: 'Engine image',
  terraformImage: 'Terraform image',
  mysqlImage: 'MySQL image',
  pod: 'Pod',
  identity: 'Pod Identity',
  bucket: 'Bucket access',
  bucketSettings: 'Bucket settings',
  mysql: 'MySQL',
  privileges: 'MySQL privileges',
  volume: 'Volume space',
  clocks: 'Clocks',
}

/** What was found of one thing. */
export const findingSchema = once(() =>
  z.strictObject({
    check: z.enum(CHECKS),
    /** `skipped`: it was not looked at, because something before it failed or there is nothing to be looked at. */
    state: z.enum(['ok', 'failed', 'skipped']),
    found: z.string(),
    /** What to do about one that failed. */
    remedy: z.string().optional(),
  }),
)
export type Finding = z.infer<ReturnType<typeof findingSchema>>

/** What can only be seen from a pod like a step's. */
export const POD_CHECKS = [
  'image',
  'identity',
  'bucket',
  'bucketSettings',
  'mysql',
  'privileges',
  'volume',
] as const satisfies readonly CheckName[]
export type PodCheck = (typeof POD_CHECKS)[number]

const milliseconds = z.number()

/** How far a clock is from another one: between these two, in milliseconds; more than 0 where it is ahead. */
export const clockOffsetSchema = once(() =>
  z.strictObject({ whose: z.string(), least: milliseconds, most: milliseconds }),
)
export type ClockOffset = z.infer<ReturnType<typeof clockOffsetSchema>>

/** The clocks that a pod sees. */
export const podClocksSchema = once(() =>
  z.strictObject({
    /** Its own, when it had looked at everything else: milliseconds since 1970. */
    pod: milliseconds,
    /** Of others from its own. */
    others: z.array(clockOffsetSchema()),
  }),
)
export type PodClocks = z.infer<ReturnType<typeof podClocksSchema>>

/** What the pod of a doctor answers. */
export const doctorAnswerSchema = once(() =>
  z.strictObject({
    findings: z.array(findingSchema()),
    clocks: podClocksSchema(),
    /** Of the rows of what will be backed up; absent where MySQL was not asked. */
    databaseBytes: z.int().nonnegative().optional(),
  }),
)
export type DoctorAnswer = z.infer<ReturnType<typeof doctorAnswerSchema>>

/** What a worker found out about itself, and about the cluster that it sees. */
export const workerExaminationSchema = once(() =>
  z.strictObject({
    findings: z.array(findingSchema()),
    /** Its own, at the beginning: milliseconds since 1970. */
    clock: milliseconds,
    /** What dumps where a request does not say. */
    engine: engineNameSchema(),
  }),
)
export type WorkerExamination = z.infer<ReturnType<typeof workerExaminationSchema>>

/** What was found out by a pod, or why there was none. */
export interface PodExamination {
  readonly findings: readonly Finding[]
  /** Absent where no pod has answered. */
  readonly clocks?: PodClocks
  readonly databaseBytes?: number
}

/** What `DoctorCheck` returns. */
export const doctorResultSchema = once(() => z.strictObject({ findings: z.array(findingSchema()) }))
export type DoctorResult = z.infer<ReturnType<typeof doctorResultSchema>>
