import { randomUUID } from 'node:crypto'
import type { V1Container, V1Job, V1PodSpec } from '@kubernetes/client-node'
import { z } from 'zod'
import type { JobIdentity } from '../../../src/kubernetes/job-identity.ts'
import { STEP_CONTAINER } from '../../../src/kubernetes/job-manifest.ts'
import type { JobOrder } from '../../../src/kubernetes/job-runner.ts'

/** What a test's Job has besides its program. */
export interface JobChanges {
  readonly container?: Partial<V1Container>
  readonly pod?: Partial<V1PodSpec>
  readonly deadlineSeconds?: number
}

/** Answers what a step's program answers that has done its work. */
export const ANSWERS = `require('node:fs').writeFileSync('/dev/termination-log', '{"done":true}')`

/** Runs until it is stopped. */
export const WAITS = 'setInterval(() => {}, 1000)'

/** A step's Job, made as those of manifests/jobs/ are, with a program of the test's own. */
export function programJob(program: string, { container, pod, deadlineSeconds = 300 }: JobChanges = {}): V1Job {
  const onPodConditions = [{ type: 'DisruptionTarget', status: 'True' }]
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'program' },
    spec: {
      backoffLimit: 0,
      activeDeadlineSeconds: deadlineSeconds,
      podFailurePolicy: { rules: [{ action: 'FailJob', onPodConditions }] },
      template: {
        spec: {
          restartPolicy: 'Never',
          automountServiceAccountToken: false,
          terminationGracePeriodSeconds: 1,
          ...pod,
          containers: [{ ...programContainer(STEP_CONTAINER, program), ...container }],
        },
      },
    },
  }
}

/** A container that runs before the step's own. */
export function initContainer(program: string): V1Container {
  return programContainer('dump', program)
}

function programContainer(name: string, program: string): V1Container {
  return {
    name,
    image: 'set by the order',
    imagePullPolicy: 'IfNotPresent',
    command: ['node', '--eval', program],
    terminationMessagePolicy: 'FallbackToLogsOnError',
  }
}

/** Orders one Job, of a pipeline that has no other. */
export function orderIn(
  namespace: string,
  image: string,
  identity: Partial<JobIdentity> = {},
): JobOrder<{ done: boolean }> {
  return {
    identity: { workflowId: 'test', runId: randomUUID(), purpose: 'dump', ...identity },
    manifest: 'program',
    settings: { namespace, image, env: {} },
    answer: z.object({ done: z.boolean() }),
    maximumTries: 3,
  }
}
