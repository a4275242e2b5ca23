import { backupIdOf } from '../../../src/domain/names.ts'
import type { CatalogBackup, ReportFacts } from '../../../src/report/report-facts.ts'

/** When the reports of tests are made. */
export const NOW = new Date('2026-11-28T12:00:00Z')
const HOUR_MILLISECONDS = 3_600_000

export function hoursAgo(hours: number): Date {
  return new Date(NOW.getTime() - hours * HOUR_MILLISECONDS)
}

/** Facts of a bucket without anything in it, or with what is said. */
export function reportFacts(facts: Partial<ReportFacts> = {}): ReportFacts {
  return {
    bucket: 'test-1',
    madeAt: NOW,
    timeZone: 'UTC',
    withinHours: 26,
    backups: [],
    damaged: [],
    differences: [],
    temporal: null,
    rules: [],
    ...facts,
  }
}

let made = 0

/** A backup that was proven by its own pipeline ten minutes after it began, unless it is said otherwise. */
export function catalogBackup(startedAt: Date, facts: Partial<CatalogBackup> = {}): CatalogBackup {
  made += 1
  const runId = `01a216de-05e9-764a-a92f-${String(made).padStart(12, '0')}`
  const backup = {
    ...{ runId, startedAt, namespace: 'shop', schemas: ['shop'] },
    backupId: backupIdOf(startedAt, runId.slice(-8)),
    ...{ bytes: 1_000_000, tables: 3, rows: 1000, seconds: 120 },
    ...facts,
  }
  return { ...backup, proofs: facts.proofs ?? [ownProof(backup)] }
}

/** The proof of a backup by its own pipeline. */
export function ownProof({ runId, startedAt }: Pick<CatalogBackup, 'runId' | 'startedAt'>) {
  return { at: new Date(startedAt.getTime() + 600_000), result: 'equal', run: runId.slice(-8) } as const
}
