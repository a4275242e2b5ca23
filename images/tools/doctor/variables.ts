import { z } from 'zod'
import { POD_CHECKS } from '../../../src/domain/doctor.ts'
import { ENGINES } from '../../../src/domain/engines.ts'
import { bucketNameSchema, schemaNameSchema } from '../../../src/domain/names.ts'
import { json, wholeNumber } from '../job/settings.ts'
import { mysqlVariables } from '../mysql/settings.ts'

/** What the program of a doctor reads from its environment. */
export const doctorVariables = z.object({
  ...mysqlVariables,
  /** What is looked at. */
  CHECKS: json(z.array(z.enum(POD_CHECKS)).min(1)),
  /** Empty: `test-<account id>`. */
  BUCKET: z.union([z.literal(''), bucketNameSchema()]).prefault(''),
  /** Those that will be backed up; an empty list: all that Holdfast has not restored. */
  SCHEMAS: json(z.array(schemaNameSchema())).prefault('[]'),
  /** What dumps the rows. */
  ENGINE: z.enum(ENGINES).prefault('mysqldump'),
  /** `own`: the namespace's own, which the first pipeline makes. */
  MYSQL: z.enum(['own', 'named']).prefault('own'),
  /** How large the database is, for the volume. */
  DATABASE_BYTES: wholeNumber(0, Number.MAX_SAFE_INTEGER).prefault('0'),
  BACKUP_DIRECTORY: z.string().prefault('/backup'),
})
export type DoctorVariables = z.output<typeof doctorVariables>
