import { createHash } from 'node:crypto'
import type { JobPurpose } from '../domain/steps.ts'

/** What a Job is for. With a try's number it is the Job's whole identity: its name follows from it. */
export interface JobIdentity {
  readonly workflowId: string
  /** The pipeline's run. Its first one, so that a reset pipeline finds the Jobs it had. */
  readonly runId: string
  readonly purpose: JobPurpose
  /** How often an operator has had the step run once more. The Jobs of one round do not count in the next. */
  readonly round?: number
}

export const LABELS = {
  managedBy: 'app.kubernetes.io/managed-by',
  component: 'app.kubernetes.io/component',
  run: 'holdfast.dev/run',
  purpose: 'holdfast.dev/purpose',
  try: 'holdfast.dev/try',
} as const

/** What every Job of a step, and its pods, have in common: the selector of the shared watch. */
export const STEP_SELECTOR = `${LABELS.managedBy}=holdfast,${LABELS.component}=step`

/** The annotation that names the workflow in full: an id may hold what a label must not. */
export const WORKFLOW_ANNOTATION = 'holdfast.dev/workflow-id'

/**
 * The name of a Job: readable at its start, unique by a hash of the whole identity at its end, and within the 63 characters
 * of a DNS label, because the pod's name and a label derive from it.
 *
 * @param tryNumber from 1: how many Jobs the step has had, this one included
 */
export function jobName(identity: JobIdentity, tryNumber: number): string {
  const { workflowId, runId, purpose, round = 0 } = identity
  // Without a number for the first round: Jobs that were submitted before there were rounds are found again.
  const key = JSON.stringify([workflowId, runId, purpose, ...(round > 0 ? [round] : [])])
  const hash = createHash('sha256').update(key).digest('hex').slice(0, 10)
  return `hf-${kebabCase(identity.purpose)}-${hash}-${tryNumber}`
}

/** The try of a Job of this name; undefined where it is no name of a Job of ours. */
export function tryNumberOf(name: string): number | undefined {
  const found = /-(\d+)$/.exec(name)?.[1]
  return found === undefined ? undefined : Number(found)
}

export function jobLabels(identity: JobIdentity, tryNumber: number): Record<string, string> {
  return {
    'app.kubernetes.io/name': 'holdfast',
    [LABELS.managedBy]: 'holdfast',
    [LABELS.component]: 'step',
    [LABELS.run]: identity.runId,
    [LABELS.purpose]: identity.purpose,
    [LABELS.try]: String(tryNumber),
  }
}

function kebabCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}
