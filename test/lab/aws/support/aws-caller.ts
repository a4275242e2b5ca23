import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { execa } from 'execa'
import { z } from 'zod'

/** What signs a request. */
export type Keys = { accessKeyId: string; secretAccessKey: string; sessionToken?: string }

/** Calls AWS APIs by Python's SDK, which is not ours and signs by itself. */
export type AwsCaller = {
  /**
   * @param operation As Python calls it: `create_role`.
   * @throws an error named after AWS's error code where AWS refuses.
   */
  call: (service: string, operation: string, parameters: object, keys: Keys) => Promise<Record<string, unknown>>
  stop: () => Promise<void>
}

const answerSchema = z.union([
  z.object({ answer: z.record(z.string(), z.unknown()) }),
  z.object({ error: z.object({ name: z.string(), message: z.string() }) }),
])

/** What AWS tools take from their environment. */
export function awsEnvironment(endpoint: string, caFile: string): Record<string, string> {
  return {
    AWS_REGION: 'eu-central-1',
    AWS_DEFAULT_REGION: 'eu-central-1',
    AWS_ENDPOINT_URL: endpoint,
    AWS_CA_BUNDLE: caFile,
    AWS_EC2_METADATA_DISABLED: 'true',
  }
}

/** Starts Python once for all calls: it takes longer to start than a call takes. */
export function startAwsCaller(python: string, endpoint: string, caFile: string): AwsCaller {
  const environment = awsEnvironment(endpoint, caFile)
  const server = execa(python, [join(import.meta.dirname, 'call-aws.py')], { env: environment, reject: false })
  const lines = createInterface({ input: server.stdout })[Symbol.asyncIterator]()
  // Answers come in the order of the calls, so one call waits for the one before it.
  let last: Promise<unknown> = Promise.resolve()

  async function callNow(call: object): Promise<Record<string, unknown>> {
    server.stdin.write(`${JSON.stringify(call)}\n`)
    const line = await lines.next()
    if (line.done) throw new Error(`call-aws.py ended: ${(await server).stderr}`)
    const answer = answerSchema.parse(JSON.parse(line.value))
    if ('answer' in answer) return answer.answer
    throw Object.assign(new Error(answer.error.message), { name: answer.error.name })
  }

  return {
    call: (service, operation, parameters, keys) => {
      const answer = last.then(() => callNow({ service, operation, parameters, keys }))
      last = answer.catch(() => {})
      return answer
    },
    stop: async () => {
      server.stdin.end()
      await server
    },
  }
}
