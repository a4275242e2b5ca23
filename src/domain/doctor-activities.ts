import type { PodExamination, WorkerExamination } from './doctor.ts'
import type { DoctorRequest } from './doctor-request.ts'
import type { BackupId, Namespace } from './names.ts'

/** What a doctor's activities look at that need a Job. */
type PodInput = Pick<DoctorRequest, 'namespace' | 'patienceSeconds'>

export interface ExaminePodInput extends PodInput, Pick<DoctorRequest, 'bucket' | 'schemas' | 'server'> {}

export interface ExamineMysqlImageInput extends PodInput, Pick<DoctorRequest, 'server'> {}

export interface ExamineVolumeInput extends PodInput {
  /** The doctor's own: the claim is called after it. */
  readonly backupId: BackupId
  /** How large the schemas are; absent where nobody could ask. */
  readonly databaseBytes?: number
}

/** What a worker looks at for a doctor. What they find wrong is no failure of theirs. */
export interface DoctorActivities {
  /** The worker's clock, its way to Kubernetes, and its rights there. */
  examineWorker(input: { readonly namespace: Namespace }): Promise<WorkerExamination>
  /** What a pod like a step's sees. Makes the namespace ready for it, as a pipeline does. */
  examinePod(input: ExaminePodInput): Promise<PodExamination>
  /** The same of the worker's engine, where it is not the tools' own: its image, and what it needs of MySQL. */
  examineEngine(input: ExaminePodInput): Promise<PodExamination>
  /** Whether the image of the provision step can be had, and Terraform runs in it: in the control namespace, as that step does. */
  examineTerraformImage(input: Pick<PodInput, 'patienceSeconds'>): Promise<PodExamination>
  /** The same of the MySQL that a pipeline deploys where its request names no server. */
  examineMysqlImage(input: ExamineMysqlImageInput): Promise<PodExamination>
  /** Whether a dump gets a volume. Its claim stays: `releaseStaging` removes it. */
  examineVolume(input: ExamineVolumeInput): Promise<PodExamination>
}
