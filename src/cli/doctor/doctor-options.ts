import { type DoctorRequest, parseDoctorRequest } from '../../domain/doctor-request.ts'
import { serverOf } from '../backups/restore-options.ts'
import { InputError } from '../input-error.ts'

/** The Service of the MySQL that Holdfast deploys. */
const OWN_MYSQL = 'mysql'

export interface DoctorOptions {
  readonly namespace: string
  readonly bucket?: string
  readonly schema: readonly string[]
  readonly server?: string
  readonly user?: string
  readonly passwordSecret?: string
  readonly sslMode?: string
  readonly clockSeconds: number
  readonly patienceSeconds: number
  readonly fix?: boolean
  readonly taskQueue: string
  readonly output: 'table' | 'json'
}

/** The request that the options stand for. @throws {InputError} naming what is wrong */
export function doctorRequestOf(options: DoctorOptions): DoctorRequest {
  const { namespace, bucket, schema: schemas, clockSeconds, patienceSeconds } = options
  const { server, user, passwordSecret, sslMode } = options
  const isNamed = [server, user, passwordSecret, sslMode].some((option) => option !== undefined)
  try {
    return parseDoctorRequest({
      namespace,
      schemas,
      clockSeconds,
      patienceSeconds,
      ...(bucket !== undefined && { bucket }),
      // A user, a password or a mode of its own is of the namespace's own MySQL, where no other is named.
      ...(isNamed && { server: serverOf(server ?? OWN_MYSQL, { user, passwordSecret, sslMode }) }),
    })
  } catch (error) {
    throw new InputError(error instanceof Error ? error.message : String(error))
  }
}
