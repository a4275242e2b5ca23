// Takes the pictures of the report in docs/images, of databases that there never were.
import { randomUUID } from 'node:crypto'
import { randomPartOf } from '../src/domain/names.ts'
import { retentionRuleSchema } from '../src/domain/retention.ts'
import { reportOf } from '../src/report/model/report-model.ts'
import { reportPage } from '../src/report/page/report-page.ts'
import type { CatalogBackup } from '../src/report/report-facts.ts'
import { catalogBackup, hoursAgo, reportFacts } from '../test/report/support/report-facts.ts'
import { ReportBrowser } from '../test/report/support/report-in-browser.ts'

const NIGHTS = 300
/** By name, the size of a copy and how many hours ago its last backup began. */
const DATABASES = [
  ['shop', 4.2e9, 10],
  ['archive', 31e9, 9],
  ['käserei', 0.9e9, 8],
  ['billing', 12e9, 58],
] as const
const PICTURES = [
  { file: 'report-light.png', colorScheme: 'light', anchor: 'top' },
  { file: 'report-dark.png', colorScheme: 'dark', anchor: 'db-1' },
] as const

/** Every 37th night a backup is not proven, every 91st it was found different; they grow by a third in all. */
function backupsOf([schema, size, lastHours]: (typeof DATABASES)[number]): CatalogBackup[] {
  return Array.from({ length: NIGHTS }, (_, night) => {
    const startedAt = hoursAgo(lastHours + 24 * (NIGHTS - 1 - night))
    const wave = 1 + Math.sin(night / 5) / 50
    const grown = wave * (1 + night / NIGHTS / 3)
    const [seconds, runId] = [(size / 60e6) * grown, randomUUID()]
    const result = night % 91 === 60 ? 'different' : 'equal'
    const at = new Date(startedAt.getTime() + 2200 * seconds)
    const proofs = night % 37 === 20 ? [] : [{ at, result, run: randomPartOf(runId) } as const]
    return catalogBackup(startedAt, { schemas: [schema], bytes: Math.round(size * grown), seconds, runId, proofs })
  })
}

const backups = DATABASES.flatMap(backupsOf).toSorted((one, other) => Number(one.startedAt) - Number(other.startedAt))
const rule = retentionRuleSchema().parse({ daily: 14, weekly: 8, monthly: 12 })
const rules = [{ name: 'the schedule tidy', rule, hold: [] }]
const page = await reportPage(reportOf(reportFacts({ bucket: 'shop-backups', backups, rules })))
const browser = await ReportBrowser.open()
try {
  for (const { file, colorScheme, anchor } of PICTURES) {
    const shown = await browser.show(page, { colorScheme, viewport: { width: 1240, height: 760 } })
    if (anchor !== 'top') await shown.page.evaluate(`location.hash = '${anchor}'`)
    await shown.page.screenshot({ path: `docs/images/${file}` })
  }
} finally {
  await browser.close()
}
