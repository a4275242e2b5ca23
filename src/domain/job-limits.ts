import { once } from 'es-toolkit/function/once'
import { z } from 'zod'

/** What a step's Job may need more of than its manifest gives it. */
export const jobLimitsSchema = once(() =>
  z
    .strictObject({
      /** A Kubernetes quantity, in place of the container's memory limit. */
      memoryLimit: z
        .string()
        .regex(/^[1-9][0-9]*(Mi|Gi)$/, 'a memory limit is a whole number of Mi or Gi: 2Gi')
        .optional(),
      /** In place of the Job's activeDeadlineSeconds: seven days at most. */
      deadlineSeconds: z.int().min(60).max(604_800).optional(),
    })
    .readonly(),
)

export type JobLimits = z.infer<ReturnType<typeof jobLimitsSchema>>
