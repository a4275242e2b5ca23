import { once } from 'es-toolkit/function/once'
import { z } from 'zod'
import { stepProgressSchema } from './step-answers.ts'

/** Where a Job stands: `complete` and `failed` are its end, by its own conditions. */
export const JOB_PHASES = ['pending', 'running', 'complete', 'failed'] as const
export type JobPhase = (typeof JOB_PHASES)[number]

/**
 * What the worker saw last of the Job that it follows. The heartbeat of a step's activity carries it, so that whoever asks
 * Temporal for the pending activities sees how far each Job is.
 */
export const followedJobSchema = once(() =>
  z.object({
    jobName: z.string(),
    namespace: z.string(),
    /** Absent until the API server has been asked for the Job. */
    uid: z.string().optional(),
    phase: z.enum(JOB_PHASES),
    podName: z.string().optional(),
    /** Absent while the program in the pod has not said how far it is. */
    progress: stepProgressSchema().shape.progress.optional(),
    /** The last line of the pod's log that is for a person. */
    lastLine: z.string().optional(),
  }),
)

export type FollowedJob = Readonly<z.infer<ReturnType<typeof followedJobSchema>>>
