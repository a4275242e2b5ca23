// A program: dumps a schema again and again while others write to it, restores each dump, and compares.
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { FINGERPRINT_FILE } from '../../../images/tools/dump/dump-manifest.ts'
import { takeDump } from '../../../images/tools/dump/take-dump.ts'
import { compareFingerprints } from '../../../images/tools/fingerprint/compare-fingerprints.ts'
import { fingerprintSchema } from '../../../images/tools/fingerprint/fingerprint.ts'
import { fingerprintSchemas } from '../../../images/tools/fingerprint/fingerprint-schemas.ts'
import { Children } from '../../../images/tools/job/children.ts'
import { ProgressReporter } from '../../../images/tools/job/progress-reporter.ts'
import type { StepContext } from '../../../images/tools/job/run-step.ts'
import { settings, wholeNumber } from '../../../images/tools/job/settings.ts'
import { confinedDefiner } from '../../../images/tools/mysql/confined-user.ts'
import { mysqlVariables, readAccount } from '../../../images/tools/mysql/settings.ts'
import { filesInFolder } from '../../../images/tools/restore/backup-files.ts'
import { restoreSchemas } from '../../../images/tools/restore/restore-schemas.ts'
import type { Round } from './round.ts'

const variables = z
  .object({ ...mysqlVariables, SCHEMA: settings.schema, THREADS: settings.threads, ROUNDS: wholeNumber(1, 1000) })
  .parse(process.env)
const account = await readAccount(variables)
const { SCHEMA: schema, THREADS: threads } = variables
const restored = `${schema}_round`
const mapping = { [schema]: restored }
const folder = '/tmp/rounds'
/** So few that each table is dumped in ranges. */
const LEAST_RANGE_BYTES = 100_000
const context: StepContext = {
  children: new Children(),
  progress: new ProgressReporter(() => undefined),
  log: () => undefined,
}

for (let number = 1; number <= variables.ROUNDS; number += 1) process.stdout.write(`${JSON.stringify(await round())}\n`)
await rm(folder, { recursive: true })

async function round(): Promise<Round> {
  const request = {
    account,
    backupId: 'rounds',
    folder,
    schemas: [schema],
    threads,
    lockSeconds: 30,
    leastRangeBytes: LEAST_RANGE_BYTES,
  }
  const manifest = await takeDump(request, context)
  const source = fingerprintSchema.parse(JSON.parse(await readFile(join(folder, FINGERPRINT_FILE), 'utf8')))
  const later = await fingerprintSchemas(account, [schema], threads)
  const restoration = { purpose: 'proof', runId: 'rounds' } as const
  await restoreSchemas(
    { account, files: filesInFolder(folder), manifest, mapping, tables: {}, restoration, threads },
    context,
  )
  const back = await fingerprintSchemas(account, [restored], threads)
  const { differences, tables } = compareFingerprints(source, back, mapping, confinedDefiner)
  const { differences: writes } = compareFingerprints(source, later, { [schema]: schema }, confinedDefiner)
  return {
    lockedMilliseconds: manifest.lockedMilliseconds,
    tables: tables.length,
    files: manifest.files.filter(({ kind }) => kind === 'data').length,
    differences,
    tablesWrittenSince: writes.length,
  }
}
