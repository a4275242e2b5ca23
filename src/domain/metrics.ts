/** What a metric counts or shows, in Prometheus' words. */
export type MetricKind = 'counter' | 'gauge' | 'histogram'

/** One of Holdfast's own metrics. */
export interface Metric<Kind extends MetricKind = MetricKind, Label extends string = string> {
  readonly kind: Kind
  /** As its exporter is told it: {@link exposedName} is what Prometheus reads. */
  readonly name: string
  /** Beside those that Temporal's SDK adds. */
  readonly labels: readonly Label[]
  /** One line, for whoever reads it at the endpoint. */
  readonly help: string
}

function counter<Label extends string>(name: string, labels: readonly Label[], help: string): Metric<'counter', Label> {
  return { kind: 'counter', name, labels, help }
}

function gauge<Label extends string>(name: string, labels: readonly Label[], help: string): Metric<'gauge', Label> {
  return { kind: 'gauge', name, labels, help }
}

function seconds<Label extends string>(name: string, labels: readonly Label[], help: string) {
  return { kind: 'histogram', name, labels, help } as const satisfies Metric<'histogram', Label>
}

/**
 * Those that a worker shows of what Temporal knows, whichever worker did it. A gauge of a database that is not known any more is 0:
 * one that was shown cannot be taken back.
 */
export const DATABASE_METRICS = {
  provenAt: gauge(
    'holdfast_database_proven_timestamp_seconds',
    ['database'],
    'When a backup of the database was proven last; 0: never',
  ),
  proofDue: gauge(
    'holdfast_database_proof_due_timestamp_seconds',
    ['database'],
    'By when the next proven backup is expected; 0: none is',
  ),
  backupBytes: gauge(
    'holdfast_database_backup_bytes',
    ['database'],
    'Size of one copy of the backup that was proven last',
  ),
  questions: gauge('holdfast_database_questions', ['database'], 'Workflows that wait for an answer of an operator'),
  drillProvenAt: gauge(
    'holdfast_database_drill_proven_timestamp_seconds',
    ['database'],
    'When a drill proved a backup last; 0: in none of the last 31 days that Temporal remembers',
  ),
  drillFailedAt: gauge(
    'holdfast_database_drill_failed_timestamp_seconds',
    ['database'],
    'When a drill failed last; 0: in none of the last 31 days that Temporal remembers',
  ),
} as const

/** All of Holdfast's own. */
export const METRICS = {
  ...DATABASE_METRICS,
  listsReadAt: gauge('holdfast_lists_read_timestamp_seconds', [], 'When Temporal was asked last for all of the above'),
  workerStartedAt: gauge('holdfast_worker_start_timestamp_seconds', [], 'When this worker began to take tasks'),
  workflows: counter('holdfast_workflows', ['outcome'], 'Pipelines, restores, drills and prunings that have ended'),
  stepDuration: seconds(
    'holdfast_step_duration',
    ['step', 'outcome'],
    'From the order for a step to its end, all tries and the waiting between them included',
  ),
  jobs: counter('holdfast_jobs', ['purpose', 'outcome'], 'Jobs that were followed to their end: complete, or why not'),
  jobRetries: counter('holdfast_job_retries', ['purpose'], 'Jobs that came to nothing and are followed by another'),
  dumpedRows: counter('holdfast_dumped_rows', ['database'], 'Rows that were dumped'),
  uploadedBytes: counter('holdfast_uploaded_bytes', ['database'], 'Size of what lies in backup1/ after an upload'),
  prunedBackups: counter('holdfast_pruned_backups', ['bucket'], 'Backups that prunings have deleted'),
} as const

/** Upper bounds of what a step may take, in seconds: from a Job that does next to nothing to one of a whole day. */
export const STEP_DURATION_BOUNDS: readonly number[] = [2, 5, 10, 30, 60, 300, 900, 1800, 3600, 10_800, 28_800, 86_400]

/** The name under which Prometheus reads it. */
export function exposedName({ kind, name }: Metric): string {
  if (kind === 'counter') return `${name}_total`
  return kind === 'histogram' ? `${name}_seconds` : name
}
