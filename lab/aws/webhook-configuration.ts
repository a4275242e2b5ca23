import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'

const FILE = join(import.meta.dirname, 'pod-identity-webhook.yaml')

const configurationSchema = z.looseObject({
  webhooks: z.tuple([z.looseObject({ clientConfig: z.looseObject({ url: z.string() }) })]),
})

/**
 * The MutatingWebhookConfiguration of `pod-identity-webhook.yaml`, for a stand-in of this authority.
 *
 * @param caPem The CA of the stand-in's certificate, PEM.
 */
export async function podIdentityWebhook(caPem: string): Promise<object> {
  const configuration = configurationSchema.parse(parse(await readFile(FILE, 'utf8')))
  const [webhook] = configuration.webhooks
  const clientConfig = { ...webhook.clientConfig, caBundle: Buffer.from(caPem).toString('base64') }
  return { ...configuration, webhooks: [{ ...webhook, clientConfig }] }
}
