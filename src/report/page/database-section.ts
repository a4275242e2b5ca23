import { html, raw } from 'hono/html'
import prettyBytes from 'pretty-bytes'
import type { DatabaseReport } from '../model/database-report.ts'
import type { Month, Range } from '../model/months.ts'
import type { Night } from '../model/nights.ts'
import { proofStateOf } from '../model/proofs.ts'
import { calendarPlot, weeksOfEarlierCalendar } from '../plots/calendar-plot.ts'
import { durationPlot, sizePlot } from '../plots/database-plots.ts'
import type { CatalogBackup } from '../report-facts.ts'
import { counted, durationText } from '../texts.ts'
import type { Html, PageContext } from './page-context.ts'
import { scrollingTable } from './scrolling-table.ts'
import { time } from './time.ts'

/** Whether a database has its plots, or only tables: on a page of hundreds they would weigh too much. */
export type Drawing = 'plots' | 'tables'

/** All of one database: its nights, sizes and durations as plots, and the same as tables. */
export function databaseSection(
  database: DatabaseReport,
  anchor: string,
  drawing: Drawing,
  context: PageContext,
): Html {
  const { name, backups, months } = database
  return html`<section class="database" aria-labelledby="${anchor}">
<h3 id="${anchor}" tabindex="-1">${name}</h3>
${drawing === 'plots' ? plots(database, anchor) : ''}
<details><summary>Months in numbers</summary>
${monthsTable(name, months)}</details>
<details><summary>${counted(backups.length, 'backup')}</summary>
${backupsTable(name, backups, context)}</details>
</section>
`
}

function plots(database: DatabaseReport, anchor: string): Html {
  const { nights, backups } = database
  if (backups.length === 0 && nights.every(({ state }) => state === 'missing'))
    return html`<p>Nothing is known of it yet.</p>`
  const drawn = [
    figure('Size, one copy', sizePlot(database, `${anchor}-size`)),
    figure(
      html`What it took: <span class="key-first">━ dump, upload and copy</span>, <span class="key-second">╌ until it was proven</span>`,
      durationPlot(database, `${anchor}-took`),
    ),
  ]
  return html`<div class="plots">${calendars(nights, anchor)}${backups.length > 0 ? drawn : ''}</div>`
}

function calendars(nights: readonly Night[], anchor: string): Html {
  const today = nights.at(-1)?.day ?? ''
  const earlier = weeksOfEarlierCalendar(nights, today)
  const halves = earlier === undefined ? [0] : [earlier, 0]
  const figures = halves.map((weeksAgo) =>
    figure(
      weeksAgo === 0 ? 'Nights of the last half year' : 'Nights of the half year before',
      calendarPlot(nights, today, { id: `${anchor}-nights-${weeksAgo}`, weeksAgo }),
    ),
  )
  return html`<div class="calendars">${figures}</div>`
}

/** @param svg by a library that escapes what stands in it */
export function figure(caption: Html | string, svg: string): Html {
  return html`<figure>${raw(svg)}<figcaption>${caption}</figcaption></figure>
`
}

function monthsTable(name: string, months: readonly Month[]): Html {
  const columns = [
    { name: 'Month' },
    { name: 'Nights', kind: 'number' },
    { name: 'of these proven', kind: 'number' },
    { name: 'Backups', kind: 'number' },
    { name: 'of these proven', kind: 'number' },
    { name: 'One copy', kind: 'number' },
    { name: 'Dump, upload, copy', kind: 'number' },
  ] as const
  const rows = months.map(
    ({ month, nights, provenNights, backups, provenBackups, bytes, seconds }) =>
      html`<tr><th scope="row">${month}</th><td class="number">${nights}</td><td class="number">${provenNights}</td><td class="number">${backups}</td><td class="number">${provenBackups}</td><td class="number">${rangeText(bytes, prettyBytes)}</td><td class="number">${rangeText(seconds, durationText)}</td></tr>
`,
  )
  return scrollingTable(`Months of ${name}`, columns, rows)
}

function rangeText(range: Range | null, textOf: (value: number) => string): string {
  if (!range) return '–'
  const [least, most] = [textOf(range.least), textOf(range.most)]
  return least === most ? least : `${least} to ${most}`
}

/** Newest first. There may be thousands, so its rows are short: HTML lets the ends of cells and rows be left out. */
function backupsTable(name: string, backups: readonly CatalogBackup[], context: PageContext): Html {
  const columns = [
    { name: 'Backup' },
    { name: 'Begun' },
    { name: 'One copy' },
    { name: 'Rows' },
    { name: 'Dump, upload, copy' },
    { name: 'Last proof' },
  ]
  const rows = backups.toReversed().map((backup) => {
    const { backupId, startedAt, bytes, rows: count, seconds } = backup
    return html`<tr><th scope=row>${backupId}<td>${context.timeText(startedAt)}<td>${prettyBytes(bytes)}<td>${count}<td>${durationText(seconds)}<td>${proofCell(backup, context)}
`
  })
  return scrollingTable(`Backups of ${name}, newest first`, columns, rows)
}

function proofCell(backup: CatalogBackup, context: PageContext): Html | string {
  const state = proofStateOf(backup)
  const last = backup.proofs.at(-1)
  if (!last) return html`<span class=unproven>never</span>`
  if (state === 'proven') return `equal, ${context.timeText(last.at)}`
  return html`<span class=different>DIFFERENT</span>, ${time(last.at, context)}`
}
