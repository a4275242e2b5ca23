import { z } from 'zod'
import { TOLD_EVENTS } from '../domain/notification.ts'

/** How a target wants to be told. */
export const FORMATS = ['slack', 'cloudevents'] as const

/** Where a request may go without TLS: it does not leave the machine. */
const LOOPBACK: readonly string[] = ['localhost', '127.0.0.1', '[::1]']

/** Of a key of Standard Webhooks, in bytes. */
const KEY_BYTES = { least: 24, most: 64 }

// No message may repeat what it complains of: most of it is secret.
const secretSchema = z
  .string('is no text')
  .regex(/^whsec_[A-Za-z0-9+/]+={0,2}$/, { error: 'is not whsec_ and base64 after it', abort: true })
  .refine((secret) => {
    const { length } = Buffer.from(secret.slice('whsec_'.length), 'base64')
    return length >= KEY_BYTES.least && length <= KEY_BYTES.most
  }, `is not of ${KEY_BYTES.least} to ${KEY_BYTES.most} bytes`)

const urlSchema = z
  .string('is missing')
  .refine((url) => URL.canParse(url), { error: 'is no URL', abort: true })
  .refine((url) => isSafe(new URL(url)), {
    error: `begins neither with https://, nor with http:// and one of ${LOOPBACK.join(', ')}`,
    abort: true,
  })
  .refine((url) => new URL(url).username === '' && new URL(url).password === '', 'has a user or a password in it')

function isSafe({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || (protocol === 'http:' && LOOPBACK.includes(hostname))
}

const targetSchema = z
  .strictObject({
    /** What it is called in lists and histories, where its URL is not. */
    name: z
      .string('is missing')
      .regex(/^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/, 'is not 1 to 40 lower case letters, digits or "-"'),
    format: z.enum(FORMATS, `is none of ${FORMATS.join(', ')}`),
    url: urlSchema,
    on: z
      .array(z.enum(TOLD_EVENTS, `is none of ${TOLD_EVENTS.join(', ')}`), 'is no list')
      .min(1, 'names nothing')
      .readonly(),
    /** The first is the one in use; with others beside it, receivers may change over one by one. */
    secrets: z
      .array(secretSchema, 'is no list')
      .min(1, 'names none')
      .max(3, 'names more than three')
      .readonly()
      .optional(),
    /** Whether the words of a failure are told, too. They may quote a log, and so values of rows. */
    explain: z.boolean('is neither true nor false').default(true),
    timeoutSeconds: z.number('is no number').min(1, 'is less than 1').max(60, 'is more than 60').default(10),
  })
  .refine(({ format, secrets }) => format === 'slack' || secrets !== undefined, {
    path: ['secrets'],
    message: 'is missing: events are signed',
  })
  .readonly()
/** Who is notified, where, and of what. */
export type Target = z.infer<typeof targetSchema>

/** The file that `HOLDFAST_NOTIFY_FILE` names. */
export const notifySettingsSchema = z
  .strictObject(
    {
      targets: z
        .array(targetSchema, 'is no list')
        .min(1, 'names none')
        .refine((targets) => new Set(targets.map(({ name }) => name)).size === targets.length, 'names two alike')
        .readonly(),
    },
    'is no list of settings',
  )
  .readonly()
export type NotifySettings = z.infer<typeof notifySettingsSchema>
