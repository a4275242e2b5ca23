import { describe, expect, test } from '@jest/globals'
import { retentionRuleSchema } from '../../src/domain/retention.ts'
import { reportOf } from '../../src/report/model/report-model.ts'
import type { FailedWorkflow, ReportFacts, TemporalFacts } from '../../src/report/report-facts.ts'
import { catalogBackup, hoursAgo, NOW, ownProof, reportFacts } from './support/report-facts.ts'

const DRILL_RUN = '01a216de-05e9-764a-a92f-c90918b63ac8'

function databasesOf(facts: Partial<ReportFacts>) {
  return reportOf(reportFacts(facts)).databases
}

function temporalFacts(facts: Partial<TemporalFacts>): TemporalFacts {
  return {
    ...{ namespace: 'default', taskQueue: 'holdfast', keptDays: 3, expected: [], failures: [], restores: [] },
    ...facts,
  }
}

function failedPipeline(startedAt: Date): FailedWorkflow {
  const status = { status: 'FAILED', step: 'dump', why: 'The step dump failed.' }
  return { type: 'BackupPipeline', workflowId: 'nightly', database: 'shop/shop', startedAt, endedAt: NOW, ...status }
}

describe('a database', () => {
  test('is proven for as long as a proof counts, and not a minute longer', () => {
    const backup = catalogBackup(hoursAgo(26.1))
    expect(databasesOf({ backups: [backup] })).toMatchObject([{ standing: 'proven', provenAt: ownProof(backup).at }])
    expect(databasesOf({ backups: [catalogBackup(hoursAgo(26.2))] })).toMatchObject([{ standing: 'late' }])
  })

  test('is made no younger by a drill of an old backup', () => {
    const old = catalogBackup(hoursAgo(100))
    const drilled = { ...old, proofs: [...old.proofs, { at: hoursAgo(1), result: 'equal', run: '18b63ac8' } as const] }
    expect(databasesOf({ backups: [drilled] })).toMatchObject([{ standing: 'late', provenAt: ownProof(old).at }])
  })

  test('has no proven backup where the last proof found a difference', () => {
    const backup = catalogBackup(hoursAgo(3))
    const proofs = [ownProof(backup), { at: hoursAgo(1), result: 'different', run: '18b63ac8' } as const]
    expect(databasesOf({ backups: [{ ...backup, proofs }] })).toMatchObject([
      { standing: 'never', provenAt: null, provenCount: 0, last: { state: 'different' } },
    ])
  })

  test('is the same in whichever order its schemas are named', () => {
    const backups = [
      catalogBackup(hoursAgo(30), { schemas: ['b', 'a'] }),
      catalogBackup(hoursAgo(3), { schemas: ['a', 'b'] }),
    ]
    const expected = [{ database: 'shop/b,a', withinHours: 2 }]
    expect(databasesOf({ backups, temporal: temporalFacts({ expected }) })).toMatchObject([
      { name: 'shop/a,b', standing: 'late', withinHours: 2, backups: [{}, {}] },
    ])
  })

  test('without any backup is shown where one is expected, and before those that are proven', () => {
    const expected = [{ database: 'shop/never', withinHours: 26 }]
    expect(databasesOf({ backups: [catalogBackup(hoursAgo(3))], temporal: temporalFacts({ expected }) })).toMatchObject(
      [
        { name: 'shop/never', standing: 'never', last: null, backups: [] },
        { name: 'shop/shop', standing: 'proven' },
      ],
    )
  })
})

describe('a night', () => {
  test('is what the best of its backups is, and missing where there is none', () => {
    const backups = [
      catalogBackup(new Date('2026-11-24T02:00:00Z')),
      catalogBackup(new Date('2026-11-24T05:00:00Z'), { proofs: [] }),
      catalogBackup(new Date('2026-11-26T02:00:00Z'), { proofs: [] }),
    ]
    const failures = [
      failedPipeline(new Date('2026-11-26T01:00:00Z')),
      failedPipeline(new Date('2026-11-27T01:00:00Z')),
    ]
    const [database] = databasesOf({ backups, temporal: temporalFacts({ failures }) })
    expect(database?.nights).toEqual([
      { day: '2026-11-24', state: 'proven' },
      { day: '2026-11-25', state: 'missing' },
      { day: '2026-11-26', state: 'unproven' },
      { day: '2026-11-27', state: 'failed' },
      { day: '2026-11-28', state: 'missing' },
    ])
    expect(database?.months).toMatchObject([
      { month: '2026-11', nights: 5, provenNights: 1, backups: 3, provenBackups: 1 },
    ])
  })

  test("begins in the report's time zone", () => {
    const backups = [catalogBackup(new Date('2026-11-27T23:30:00Z'))]
    const [berlin] = databasesOf({ backups, timeZone: 'Europe/Berlin' })
    expect(berlin?.nights).toEqual([{ day: '2026-11-28', state: 'proven' }])
    const [utc] = databasesOf({ backups })
    expect(utc?.nights.map(({ day }) => day)).toEqual(['2026-11-27', '2026-11-28'])
  })
})

test("a drill has what it took from Temporal, what it found from the catalog; a backup's own proof is no drill", () => {
  const backup = catalogBackup(hoursAgo(30))
  const at = hoursAgo(2)
  const proofs = [
    ...backup.proofs,
    { at: hoursAgo(20), result: 'equal', run: '00000000' } as const,
    { at, result: 'equal', run: '18b63ac8' } as const,
  ]
  const drill = { type: 'DrillBackup', workflowId: 'drill', runId: DRILL_RUN, endedAt: at, restoreSeconds: 40 }
  const restores = [{ ...drill, startedAt: hoursAgo(2.5) }]
  const report = reportOf(reportFacts({ backups: [{ ...backup, proofs }], temporal: temporalFacts({ restores }) }))
  expect(report.restores).toMatchObject([
    { kind: 'drill', at, backupId: backup.backupId, result: 'equal', took: { seconds: 1800, restoreSeconds: 40 } },
    { kind: 'drill', at: hoursAgo(20), took: null },
  ])
})

test('space by rule tells what each reason keeps, what it keeps alone, and what would go', () => {
  const backups = [200, 100, 50, 3].map((hours) => catalogBackup(hoursAgo(hours), { bytes: hours }))
  const rule = retentionRuleSchema().parse({ keepLast: 2, daily: 3 })
  const [space] = reportOf(reportFacts({ backups, rules: [{ name: 'a rule', rule, hold: [] }] })).rules
  expect(space).toMatchObject({ kept: { backups: 3, bytes: 306 }, toGo: { backups: 1, bytes: 400 } })
  const byReason = Object.fromEntries(space?.reasons.map(({ reason, kept, only }) => [reason, [kept, only]]) ?? [])
  expect(byReason).toMatchObject({
    daily: [
      { backups: 3, bytes: 306 },
      { backups: 1, bytes: 200 },
    ],
    keepLast: [{ backups: 2, bytes: 106 }, { backups: 0 }],
    'younger than the minimum age': [{ backups: 1, bytes: 6 }, { backups: 0 }],
  })
})
