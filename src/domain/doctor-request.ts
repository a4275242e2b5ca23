import { once } from 'es-toolkit/function/once'
import { z } from 'zod'
import { mysqlServerSchema } from './mysql-server.ts'
import { bucketNameSchema, namespaceSchema, schemaNameSchema } from './names.ts'

/** What a doctor is asked to look at. */
export const doctorRequestSchema = once(() =>
  z.strictObject({
    /** Where the pipelines run. */
    namespace: namespaceSchema().prefault('s3-test'),
    /** Left out: `test-<account id>`, as terraform/storage names it where nobody says otherwise. */
    bucket: bucketNameSchema().optional(),
    /** Those that will be backed up. Left out: all that Holdfast has not restored. */
    schemas: z.array(schemaNameSchema()).default([]),
    /** Left out: the MySQL that Holdfast has deployed in the namespace. */
    server: mysqlServerSchema().optional(),
    /** How far two clocks may be apart. */
    clockSeconds: z.number().min(1).max(3600).default(5),
    /** For how long a pod, its image and its volume may be waited for. */
    patienceSeconds: z.int().min(1).max(600).default(60),
  }),
)
export type DoctorRequest = z.infer<ReturnType<typeof doctorRequestSchema>>
/** A request as a person writes it, defaults left out. */
export type DoctorRequestInput = z.input<ReturnType<typeof doctorRequestSchema>>

/** Says which field of a request for a doctor is wrong, and why. */
export class InvalidDoctorRequestError extends Error {
  override readonly name = 'InvalidDoctorRequestError'
}

/** @throws {InvalidDoctorRequestError} naming each field that is wrong */
export function parseDoctorRequest(input: unknown): DoctorRequest {
  const parsed = doctorRequestSchema().safeParse(input ?? {})
  if (parsed.success) return parsed.data
  const lines = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'request'}: ${message}`)
  throw new InvalidDoctorRequestError(`The request is not valid.\n${lines.join('\n')}`)
}
