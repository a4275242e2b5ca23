import { retentionRuleSchema } from '../../../src/domain/retention.ts'
import type { ReportFacts, TemporalFacts } from '../../../src/report/report-facts.ts'
import { catalogBackup, hoursAgo, NOW } from './report-facts.ts'

/** Something of everything that a report may show. */
export function wholeFacts(name = 'shop'): Partial<ReportFacts> {
  const schemas = [name]
  const backups = Array.from({ length: 40 }, (_, night) => catalogBackup(hoursAgo(24 * (40 - night)), { schemas }))
  const unproven = catalogBackup(hoursAgo(2), { schemas: ['other'], proofs: [] })
  const drilled = catalogBackup(hoursAgo(50), { schemas })
  const run = '01a216de-05e9-764a-a92f-c90918b63ac8'
  const proofs = [...drilled.proofs, { at: hoursAgo(40), result: 'different', run: run.slice(-8) } as const]
  const database = `shop/${name}`
  const timed = { workflowId: name, runId: run, startedAt: hoursAgo(41), endedAt: hoursAgo(40), restoreSeconds: 95 }
  const temporal: TemporalFacts = {
    ...{ namespace: 'default', taskQueue: 'holdfast', keptDays: 3 },
    expected: [{ database, withinHours: 20 }],
    failures: [
      {
        ...{ type: 'BackupPipeline', workflowId: name, database, status: 'TIMED_OUT', step: 'dump' },
        ...{ startedAt: hoursAgo(5), endedAt: hoursAgo(4), why: `The step dump failed.\n${name}` },
      },
    ],
    restores: [
      { type: 'DrillBackup', ...timed },
      { type: 'RestoreBackup', ...timed, database, backupId: drilled.backupId },
    ],
  }
  return {
    bucket: 'test-1',
    backups: [...backups.slice(0, -2), { ...drilled, proofs }, ...backups.slice(-1), unproven],
    damaged: [{ backupId: unproven.backupId, why: `catalog/x: ${name}` }],
    differences: [
      {
        ...{ backupId: drilled.backupId, provenAt: NOW.toISOString(), differenceCount: 1 },
        differences: [{ kind: 'table', name: `${name}.t`, what: 'is missing' }],
      },
    ],
    temporal,
    rules: [{ name, rule: retentionRuleSchema().parse({ daily: 14 }), hold: [] }],
  }
}
