import { once } from 'es-toolkit/function/once'
import { z } from 'zod'
import { stepReportSchema } from './backup-result.ts'
import { ALL_STEPS, UNDOS } from './steps.ts'

/** What can be told, and what a target of notifications may be asked to be told of. */
export const TOLD_EVENTS = ['failed', 'asked', 'proven', 'unproven'] as const
export type ToldEvent = (typeof TOLD_EVENTS)[number]

/** Of a failure's reason, which may have the last lines of a log: its history has all. */
export const WHY_CHARACTERS = 2000

/** Times are in milliseconds since 1970. */
const time = z.number().positive()

/** The workflow that something is told of. */
const toldWorkflowSchema = z
  .strictObject({ type: z.string(), workflowId: z.string().min(1), runId: z.string().min(1) })
  .readonly()
export type ToldWorkflow = z.infer<typeof toldWorkflowSchema>

/** A pipeline, a restore, a drill or a pruning has failed. Being cancelled is no failure. */
const failedSchema = z.strictObject({
  event: z.literal('failed'),
  /** What the failure is called: docs/runbook.md says what to do about each. */
  type: z.string(),
  why: z.string(),
  /** Absent where it failed before a step, or between two. */
  step: z.enum(ALL_STEPS).optional(),
  undone: z.array(z.enum(UNDOS)).readonly().default([]),
  notUndone: z
    .array(z.strictObject({ name: z.enum(UNDOS), why: z.string() }).readonly())
    .readonly()
    .default([]),
  kept: z.array(z.enum(UNDOS)).readonly().default([]),
  /** Of a schedule's workflow: how many have failed in a row by now. */
  failuresInARow: z.int().positive().optional(),
})

/** A step has failed for good, and somebody is asked what to do. */
const askedSchema = z.strictObject({
  event: z.literal('asked'),
  step: z.enum(ALL_STEPS),
  why: z.string(),
  /** When nobody has answered by then, what was made is taken back. */
  answerBy: time,
})

/** A backup was restored and found equal: by the pipeline that made it, or by a drill. */
const provenSchema = z.strictObject({
  event: z.literal('proven'),
  /** Of one of its copies. */
  bytes: z.int().nonnegative().optional(),
  tables: z.int().nonnegative(),
  /** Views, routines, triggers and events. */
  objects: z.int().nonnegative(),
  /** From the workflow's start until now. */
  seconds: z.number().nonnegative(),
  /** Of a pipeline. */
  steps: z.array(stepReportSchema()).readonly().default([]),
})

/** A database has no proven backup that is young enough any more. */
const unprovenSchema = z.strictObject({
  event: z.literal('unproven'),
  withinHours: z.number().positive(),
  provenAt: time,
})

/** Somebody wants to see whether notifications arrive. */
const testSchema = z.strictObject({ event: z.literal('test') })

const happeningSchema = z
  .discriminatedUnion('event', [failedSchema, askedSchema, provenSchema, unprovenSchema, testSchema])
  .readonly()
/** What has happened. */
export type Happening = z.infer<typeof happeningSchema>
export type HappeningOf<Event extends Happening['event']> = Extract<Happening, { readonly event: Event }>

/** What is told, without any word of whom: that is the worker's to know. */
export const notificationSchema = once(() =>
  z
    .strictObject({
      /** The same, however often it is told: receivers tell by it what they have had already. */
      id: z.string().min(1),
      time,
      workflow: toldWorkflowSchema,
      /** What the workflow was asked for, in one line; absent where that was not understood. */
      request: z.string().optional(),
      /** As lists show it: `<namespace>/<schema>,…`. */
      database: z.string().optional(),
      backupId: z.string().optional(),
      happening: happeningSchema,
    })
    .readonly(),
)
export type Notification = z.infer<ReturnType<typeof notificationSchema>>
export type NotificationInput = z.input<ReturnType<typeof notificationSchema>>

/** What the workflow `Notify` is started with. */
export const notifyRequestSchema = once(() =>
  z
    .strictObject({
      notification: notificationSchema(),
      /** Absent: it is tried for a day. */
      patience: z.enum(['a day', 'one try']).default('a day'),
    })
    .readonly(),
)
export type NotifyRequest = z.infer<ReturnType<typeof notifyRequestSchema>>

/** Whether a target has what it was to be told. */
export const deliverySchema = once(() =>
  z.discriminatedUnion('state', [
    z.strictObject({ target: z.string(), state: z.literal('delivered') }).readonly(),
    z.strictObject({ target: z.string(), state: z.literal('failed'), why: z.string() }).readonly(),
  ]),
)
export type Delivery = z.infer<ReturnType<typeof deliverySchema>>

/** What the workflow `Notify` returns: one for each target that wanted it. */
export const notifyResultSchema = once(() =>
  z.strictObject({ deliveries: z.array(deliverySchema()).readonly() }).readonly(),
)
export type NotifyResult = z.infer<ReturnType<typeof notifyResultSchema>>

/** The name of the workflow's type. */
export const NOTIFY = 'Notify'

/** The workflow id under which a notification is delivered: one of an id is started once. */
export function notifyIdOf({ id }: Pick<Notification, 'id'>): string {
  return `holdfast-notify:${id}`
}

/** What notifying is done by. */
export interface NotifyActivities {
  /**
   * Has the workflow `Notify` deliver a notification, if a target of this worker's wants it. Runs as a local activity; returns once
   * Temporal has it.
   */
  announce(notification: Notification): Promise<{ readonly announced: boolean }>
  /** The names of the targets that want a notification. */
  findTargets(input: { readonly event: Happening['event'] }): Promise<readonly string[]>
  /** Sends a notification to one target, once. */
  deliver(input: { readonly target: string; readonly notification: Notification }): Promise<void>
}
