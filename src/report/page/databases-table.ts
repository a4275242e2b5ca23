import { html } from 'hono/html'
import prettyBytes from 'pretty-bytes'
import type { DatabaseReport, Standing } from '../model/database-report.ts'
import type { Report } from '../model/report-model.ts'
import { counted } from '../texts.ts'
import type { Html, PageContext } from './page-context.ts'
import { scrollingTable } from './scrolling-table.ts'
import { ageAndTime } from './time.ts'

const STANDINGS: Readonly<Record<Standing, string>> = {
  proven: '✓ proven',
  late: '✗ proof too old',
  never: '✗ never proven',
}

/** All databases at a glance: which have a proof that is young enough, and how old their last backups are. */
export function databasesTable({ databases }: Report, context: PageContext): Html {
  const columns = [
    { name: 'Database' },
    { name: 'Standing' },
    { name: 'Last proven' },
    { name: 'Expected within' },
    { name: 'Last backup' },
    { name: 'One copy', kind: 'number' },
    { name: 'Backups', kind: 'number' },
    { name: 'Proven', kind: 'number' },
  ] as const
  const rows = databases.map((database, index) => databaseRow(database, anchorOf(index), context))
  return scrollingTable('Databases, those without a young enough proof first', columns, rows)
}

/** Where on the page a database is told of. */
export function anchorOf(index: number): string {
  return `db-${index + 1}`
}

/** The one sentence that the whole page is for. */
export function verdict({ databases }: Report): Html {
  const late = databases.filter(({ standing }) => standing !== 'proven').length
  if (databases.length === 0) return html`<p class="verdict bad">There is no backup, and none is expected.</p>`
  if (late === 0)
    return html`<p class="verdict">Every database has a proven backup that is young enough: ${databases.length} of ${databases.length}.</p>`
  return html`<p class="verdict bad"><strong>${late} of ${counted(databases.length, 'database')}</strong> without a proven backup that is young enough.</p>`
}

function databaseRow(database: DatabaseReport, anchor: string, context: PageContext): Html {
  const { name, standing, withinHours, last, provenAt, provenCount, backups } = database
  const lastText = last
    ? html`${ageAndTime(last.startedAt, context)}${last.state === 'proven' ? '' : html` <span class="${last.state}">${last.state}</span>`}`
    : '–'
  return html`<tr><th scope="row"><a href="#${anchor}">${name}</a></th><td class="${standing}">${STANDINGS[standing]}</td><td>${provenAt ? ageAndTime(provenAt, context) : 'never'}</td><td>${Number(withinHours.toFixed(1))} h</td><td>${lastText}</td><td class="number">${last ? prettyBytes(last.bytes) : '–'}</td><td class="number">${backups.length}</td><td class="number">${provenCount}</td></tr>
`
}
