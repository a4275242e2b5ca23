import { once } from 'es-toolkit/function/once'
import { z } from 'zod'

/** After how many failures in a row a schedule is paused unless it is said otherwise. */
export const DEFAULT_PAUSE_AFTER_FAILURES = 3

/**
 * What a schedule tells the workflows that it starts, in their memo: a request is about the backup alone. A schedule that was not made by
 * `holdfast schedule create` says nothing, and is never paused by one of them.
 */
export const scheduleSettingsSchema = once(() =>
  z.object({
    /** 0: never. */
    pauseAfterFailures: z.int().min(0).max(1000).default(0),
    /** Of a backup: how young a proven one is expected to be. */
    provenWithinHours: z.number().positive().optional(),
  }),
)
export type ScheduleSettings = Readonly<z.infer<ReturnType<typeof scheduleSettingsSchema>>>

/** The settings that stand in a memo. Where nothing is understood, nothing is set. */
export function settingsOf(memo: Readonly<Record<string, unknown>> | undefined): ScheduleSettings {
  return scheduleSettingsSchema().safeParse(memo ?? {}).data ?? { pauseAfterFailures: 0 }
}

/**
 * What a workflow that a schedule has started adds to the details of its failure. Temporal hands the last failure of a schedule on to
 * the next workflow that it starts, until one ends well: so they count on.
 */
export const failureCountSchema = once(() => z.strictObject({ failuresInARow: z.int().positive() }))
