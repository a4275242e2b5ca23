import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { reportOf } from '../../src/report/model/report-model.ts'
import { reportPage } from '../../src/report/page/report-page.ts'
import type { CatalogBackup, ReportFacts } from '../../src/report/report-facts.ts'
import { catalogBackup, hoursAgo, reportFacts } from './support/report-facts.ts'
import { ReportBrowser } from './support/report-in-browser.ts'
import { wholeFacts } from './support/whole-facts.ts'

// Chromium may have to be installed.
jest.setTimeout(180_000)

const HOSTILE = '</title></style><script>document.title = "taken"</script>&amp;"\'><img src=https://example.com/x>'
const PHONE = { viewport: { width: 375, height: 800 } }

let browser: ReportBrowser

beforeAll(async () => {
  browser = await ReportBrowser.open()
}, 180_000)
afterAll(() => browser?.close())

async function pageOf(facts: Partial<ReportFacts>): Promise<string> {
  return await reportPage(reportOf(reportFacts(facts)))
}

function nights(count: number, schema: string): CatalogBackup[] {
  return Array.from({ length: count }, (_, night) => {
    return catalogBackup(hoursAgo(24 * (count - night) - 1), { schemas: [schema] })
  })
}

test('shows what was read', async () => {
  const facts = wholeFacts()
  const shown = await browser.show(await pageOf(facts))
  const [, , drilled] = facts.backups?.toReversed() ?? []
  expect(await shown.page.locator('.verdict').textContent()).toBe(
    '2 of 2 databases without a proven backup that is young enough.',
  )
  expect(await shown.rows(/^Databases/)).toEqual([
    ['shop/other', '✗ never proven', 'never', '26 h', '2 h ago 2026-11-28 10:00 unproven', '1 MB', '1', '0'],
    [
      ...['shop/shop', '✗ proof too old', '23 h 50 min ago 2026-11-27 12:10', '20 h', '1 d ago 2026-11-27 12:00'],
      ...['1 MB', '40', '39'],
    ],
  ])
  expect(await shown.rows('Backups of shop/other, newest first')).toEqual([
    [expect.stringMatching(/^20261128T100000Z-/), '2026-11-28 10:00', '1 MB', '1000', '2 min', 'never'],
  ])
  expect(await shown.rows('Months of shop/shop')).toEqual([
    ['2026-11', '28', '26', '27', '26', '1 MB', '2 min'],
    ['2026-10', '13', '13', '13', '13', '1 MB', '2 min'],
  ])
  expect(await shown.rows(/^Drills and restores/)).toEqual([
    ['2026-11-26 20:00', 'drill', 'shop/shop', drilled?.backupId, '✗ DIFFERENT', '1 h', '1 min 35 s'],
    ['2026-11-26 20:00', 'restore', 'shop/shop', drilled?.backupId, '✓ equal', '1 h', '1 min 35 s'],
  ])
  expect(await shown.rows(/that failed$/)).toEqual([
    ['2026-11-28 08:00', 'shop BackupPipeline', 'shop/shop', 'timed out at dump', 'The step dump failed. shop'],
  ])
  expect(await shown.rows(/found different/)).toEqual([
    ['2026-11-28 12:00', drilled?.backupId, '1 difference the table shop.t is missing'],
  ])
  expect(await shown.rows('Space by shop')).toContainEqual(['daily', '14', '28 MB', '26 MB'])
})

test('has a cell of its calendar for each night, by what became of it', async () => {
  const { page } = await browser.show(await pageOf({ backups: wholeFacts().backups ?? [] }))
  const calendar = page.getByRole('region', { name: 'shop/shop', exact: true }).locator('.calendars')
  expect(await calendar.locator('.night-proven rect').count()).toBe(39)
  expect(await calendar.getByText('≠').count()).toBe(1)
})

test('shows names as text, whatever they are', async () => {
  for (const name of [HOSTILE, 'Käse 注文 🧀 שלום']) {
    const shown = await browser.show(await pageOf(wholeFacts(name)), { bypassCSP: true })
    expect(await shown.page.title()).toBe('Backups of test-1')
    expect(await shown.page.getByRole('heading', { level: 3, name: `shop/${name}`, exact: true }).count()).toBe(1)
    const [failed] = await shown.rows(/that failed$/)
    expect([failed?.[1], failed?.[4]]).toEqual([`${name} BackupPipeline`, `The step dump failed. ${name}`])
    expect(await shown.page.locator('script, img').count()).toBe(0)
    expect(shown.requests).toEqual([expect.stringMatching(/^file:/)])
  }
})

test('a browser that shows it fetches nothing and runs nothing, even if there were something', async () => {
  const text = (await pageOf(wholeFacts())).replace('</main>', '<script>document.title = "taken"</script></main>')
  const { page } = await browser.show(text)
  expect(await page.title()).toBe('Backups of test-1')
})

test.each(['light', 'dark'] as const)(
  'in %s, axe-core finds nothing that keeps anybody from reading it',
  async (colorScheme) => {
    const shown = await browser.show(await pageOf(wholeFacts()), { colorScheme })
    await shown.page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true })")
    expect(await shown.violations()).toEqual([])
    const color = await shown.page.evaluate('getComputedStyle(document.body).backgroundColor')
    expect(color).toBe(colorScheme === 'light' ? 'rgb(255, 255, 255)' : 'rgb(20, 23, 26)')
  },
)

test('is gone through by the keyboard: to the content, its parts, each table, each database', async () => {
  const shown = await browser.show(await pageOf({ backups: nights(2, 'shop') }))
  const order: string[] = []
  for (let press = 0; press < 10; press++) {
    await shown.page.keyboard.press('Tab')
    order.push(await shown.focused())
  }
  expect(order).toEqual([
    ...['To the content', 'Databases', 'Nights, sizes, durations', 'Restore drills', 'Failures', 'Space by rule'],
    ...['Databases, those without a young enough proof first', 'shop/shop', 'Months in numbers', '2 backups'],
  ])
  await shown.page.keyboard.press('Enter')
  expect(await shown.page.getByRole('table', { name: 'Backups of shop/shop, newest first' }).isVisible()).toBe(true)
})

test.each([HOSTILE, 'x'.repeat(64)])('is no wider than a phone, with a database %s', async (name) => {
  const { page } = await browser.show(await pageOf(wholeFacts(name)), PHONE)
  await page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true })")
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(PHONE.viewport.width)
})

describe('of many backups', () => {
  test.each([
    [0, 0],
    [1, 1],
    [10, 10],
    [20, 250],
    [500, 10],
  ])('%i databases with %i backups each, it is whole and below 2 MB', async (databases, count) => {
    const backups = Array.from({ length: databases }, (_, index) => nights(count, `shop-${index}`)).flat()
    const text = await pageOf({
      backups: backups.toSorted((one, other) => Number(one.startedAt) - Number(other.startedAt)),
    })
    expect(text.length).toBeLessThan(2_000_000)
    const { page } = await browser.show(text)
    const said = databases === 0 ? 'There is no backup' : `${databases} of ${databases}`
    expect(await page.locator('.verdict').textContent()).toContain(said)
    expect(await page.locator('table:has-text("newest first") tbody tr').count()).toBe(databases * count)
  })
})
