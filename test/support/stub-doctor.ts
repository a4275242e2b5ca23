import type { CheckName, Finding } from '../../src/domain/doctor.ts'
import type { DoctorActivities } from '../../src/domain/doctor-activities.ts'

/** How large the database is that a doctor's pod finds. */
export const FOUND_BYTES = 3_000_000

/** A doctor's activities, which find nothing wrong. */
export function stubDoctor(called: (name: string) => Promise<void>): DoctorActivities {
  const allRight = (...checks: CheckName[]) =>
    checks.map((check): Finding => ({ check, state: 'ok', found: `${check} is all right` }))
  return {
    examineWorker: async () => {
      await called('examineWorker')
      return { findings: allRight('kubernetes', 'permissions'), clock: Date.now(), engine: 'mysqldump' }
    },
    examinePod: async () => {
      await called('examinePod')
      const findings = allRight('pod', 'image', 'identity', 'bucket', 'bucketSettings', 'mysql', 'privileges')
      return { findings, clocks: { pod: Date.now(), others: [] }, databaseBytes: FOUND_BYTES }
    },
    examineEngine: async () => {
      await called('examineEngine')
      return { findings: allRight('image', 'mysql', 'privileges') }
    },
    examineTerraformImage: async () => {
      await called('examineTerraformImage')
      return { findings: allRight('terraformImage') }
    },
    examineMysqlImage: async () => {
      await called('examineMysqlImage')
      return { findings: allRight('mysqlImage') }
    },
    examineVolume: async () => {
      await called('examineVolume')
      return { findings: allRight('volume') }
    },
  }
}
