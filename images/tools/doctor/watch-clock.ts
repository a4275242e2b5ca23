import type { S3Client } from '@aws-sdk/client-s3'
import { z } from 'zod'
import type { ClockOffset } from '../../../src/domain/doctor.ts'

/** What every answer of S3's says of its clock, also a refusal. */
const answerSchema = z.object({ headers: z.object({ date: z.string() }) })
/** It says whole seconds. */
const SECOND = 999

/**
 * Notes how far the clock of S3 is from this machine's, by the answers to a client's requests.
 *
 * @returns what the last answer said; undefined as long as there is none
 */
export function watchClock(s3: S3Client): () => ClockOffset | undefined {
  let latest: ClockOffset | undefined
  s3.middlewareStack.add(
    (next) => async (request) => {
      const before = Date.now()
      const answered = await next(request)
      const date = answerSchema.safeParse(answered.response).data?.headers.date
      const said = date === undefined ? Number.NaN : Date.parse(date)
      if (!Number.isNaN(said)) latest = { whose: 'S3', least: said - Date.now(), most: said + SECOND - before }
      return answered
    },
    // Nearest to the network: before it is known whether the answer is one.
    { step: 'deserialize', priority: 'low', name: 'watchClock' },
  )
  return () => latest
}
