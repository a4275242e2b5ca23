import { readFile } from 'node:fs/promises'
import { request } from 'node:https'
import { z } from 'zod'
import { LabError } from '../lab-error.ts'

const credentialsSchema = z.object({ accessKeyId: z.string(), secretAccessKey: z.string() })
const readySchema = z.object({ instance: z.string() })

/** The administrator's key, as the stand-in wrote it. */
export type AdminCredentials = z.infer<typeof credentialsSchema>

/** @throws an error naming the file where it is not there or holds something else. */
export async function readAdminCredentials(file: string): Promise<AdminCredentials> {
  try {
    return credentialsSchema.parse(JSON.parse(await readFile(file, 'utf8')))
  } catch (cause) {
    throw new LabError(`No administrator's key of the AWS stand-in in ${file}: is the stand-in up?`, { cause })
  }
}

/**
 * Asks the stand-in whether it answers.
 *
 * @returns which run of it answers: another one has lost all that the one before held, as it keeps everything in memory.
 * @throws an error naming the address where it does not answer.
 */
export async function standInInstance(endpoint: string, caFile: string): Promise<string> {
  const url = new URL('/holdfast/ready', endpoint)
  const ca = await readFile(caFile)
  const body = await new Promise<string>((resolve, reject) => {
    const sent = request(url, { ca, timeout: 5000 }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        text += chunk
      })
      response.on('end', () => resolve(text))
    })
    sent.on('timeout', () => sent.destroy(new Error('no answer within 5 s')))
    sent.on('error', (cause) =>
      reject(new LabError(`The AWS stand-in does not answer at ${url.href}: ${cause.message}`)),
    )
    sent.end()
  })
  return readySchema.parse(JSON.parse(body)).instance
}
