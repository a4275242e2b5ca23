import type { z } from 'zod'
import * as answers from '../../src/domain/step-answers.ts'
import type { PipelineStepName } from '../../src/domain/steps.ts'
import { LABELS } from '../../src/kubernetes/job-identity.ts'
import { STEP_CONTAINER } from '../../src/kubernetes/job-manifest.ts'

const TABLES = 4
const ROWS = 100_000
const BYTES = 35_782_278

const storage = answered(answers.provisionAnswerSchema(), {
  changed: false,
  added: 0,
  updated: 0,
  destroyed: 0,
  outputs: { bucket: 'bench-123456789012' },
})
const objects = { objects: 7, bytes: BYTES }
const dump = answered(answers.dumpAnswerSchema(), {
  tables: TABLES,
  rows: TABLES * ROWS,
  bytes: BYTES,
  files: 7,
  lockedMilliseconds: 9,
  withoutSnapshots: { tables: 0, lockedMilliseconds: 0 },
})
const upload = answered(answers.uploadAnswerSchema(), {
  prefix: 'backup1/bench/',
  ...objects,
  transferredBytes: BYTES,
})

/** What the pods of the steps answer: as much as those of the demo do, so that a history has its usual size. */
const ANSWERS: Readonly<Record<PipelineStepName, object>> = {
  provision: storage,
  deployMysql: answered(answers.deployMysqlAnswerSchema(), { serverVersion: '9.7.4-2' }),
  loadSampleData: answered(answers.loadSampleDataAnswerSchema(), {
    schema: 'sbtest',
    tables: TABLES,
    rows: TABLES * ROWS,
    loaded: true,
  }),
  dump,
  upload,
  dumpAndUpload: answered(answers.dumpAndUploadAnswerSchema(), { dump, upload }),
  copy: answered(answers.copyAnswerSchema(), {
    prefix: 'backup2/bench/',
    record: 'catalog/bench/backup.json',
    ...objects,
    transferredBytes: 0,
    serverSideCopies: 7,
  }),
  restore: answered(answers.restoreAnswerSchema(), { schemas: ['sbtest_restored'], tables: TABLES, bytes: BYTES }),
  verify: answered(answers.verifyAnswerSchema(), {
    tableCount: TABLES,
    objectCount: 0,
    differenceCount: 0,
    differences: [],
    tables: Array.from({ length: TABLES }, (_, index) => ({
      name: `sbtest${index + 1}`,
      sourceRows: ROWS,
      restoredRows: ROWS,
      checksumEqual: true,
    })),
  }),
}

/** What kwok does with a pod, in its own words: it starts at once, and where it is a step's, it answers after a while. */
export function podStages(seconds: number): readonly object[] {
  const steps = Object.entries(ANSWERS)
  return [
    {
      apiVersion: 'config.kwok.x-k8s.io/v1alpha1',
      kind: 'KwokConfiguration',
      options: { podPlayStageParallelism: 16 },
    },
    stage('pod-runs', { matchExpressions: [isNotDeleted, inPhase('Pending')] }, RUNNING),
    ...steps.map(([step, answer]) =>
      stage(
        `pod-of-${step.toLowerCase()}-answers`,
        { matchLabels: { [LABELS.purpose]: step }, matchExpressions: [isNotDeleted, inPhase('Running')] },
        { statusTemplate: ended(answer) },
        seconds * 1000,
      ),
    ),
    stage(
      'pod-goes',
      { matchExpressions: [{ key: '.metadata.deletionTimestamp', operator: 'Exists' }] },
      { finalizers: { empty: true }, delete: true },
    ),
  ]
}

const isNotDeleted = { key: '.metadata.deletionTimestamp', operator: 'DoesNotExist' }

function inPhase(phase: string): object {
  return { key: '.status.phase', operator: 'In', values: [phase] }
}

const RUNNING = {
  statusTemplate: `
{{ $now := Now }}
phase: Running
startTime: {{ $now | Quote }}
conditions:
- { type: Initialized, status: "True", lastTransitionTime: {{ $now | Quote }} }
- { type: Ready, status: "True", lastTransitionTime: {{ $now | Quote }} }
- { type: ContainersReady, status: "True", lastTransitionTime: {{ $now | Quote }} }
containerStatuses:
{{ range .spec.containers }}
- name: {{ .name | Quote }}
  image: {{ .image | Quote }}
  ready: true
  restartCount: 0
  state: { running: { startedAt: {{ $now | Quote }} } }
{{ end }}`,
}

function ended(answer: object): string {
  return `
{{ $now := Now }}
phase: Succeeded
conditions:
- { type: Initialized, status: "True", lastTransitionTime: {{ $now | Quote }} }
- { type: Ready, status: "False", reason: PodCompleted, lastTransitionTime: {{ $now | Quote }} }
- { type: ContainersReady, status: "False", reason: PodCompleted, lastTransitionTime: {{ $now | Quote }} }
containerStatuses:
- name: ${STEP_CONTAINER}
  image: {{ (index .spec.containers 0).image | Quote }}
  ready: false
  restartCount: 0
  state:
    terminated:
      exitCode: 0
      reason: Completed
      startedAt: {{ .status.startTime | Quote }}
      finishedAt: {{ $now | Quote }}
      message: ${JSON.stringify(JSON.stringify(answer))}`
}

function stage(name: string, selector: object, next: object, milliseconds = 0): object {
  const delay = milliseconds > 0 && { delay: { durationMilliseconds: milliseconds } }
  const resourceRef = { apiGroup: 'v1', kind: 'Pod' }
  const metadata = { name }
  return {
    apiVersion: 'kwok.x-k8s.io/v1alpha1',
    kind: 'Stage',
    metadata,
    spec: { resourceRef, selector, ...delay, next },
  }
}

/** Checked here, or a step would fail for an answer that its activity refuses. */
function answered<Answer extends object>(schema: z.ZodType<Answer>, answer: Answer): Answer {
  return schema.parse(answer)
}
