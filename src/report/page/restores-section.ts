import { html } from 'hono/html'
import type { Report } from '../model/report-model.ts'
import type { Restore } from '../model/restores.ts'
import { restorePlot } from '../plots/restore-plot.ts'
import { durationText } from '../texts.ts'
import { figure } from './database-section.ts'
import { keptText } from './failures-section.ts'
import type { Html, PageContext } from './page-context.ts'
import { scrollingTable } from './scrolling-table.ts'
import { time } from './time.ts'

/** The newest are listed. */
const MOST_LISTED = 200

/** Drills, and restores for use: what came of them, and what they took. */
export function restoresSection({ restores, temporal }: Report, context: PageContext): Html {
  const listed = restores.slice(0, MOST_LISTED)
  const more = restores.length > listed.length ? html`<p>The newest ${listed.length} of ${restores.length}.</p>` : ''
  const measured = restores.some(({ took }) => took)
  const columns = [
    { name: 'Compared' },
    { name: 'What' },
    { name: 'Database' },
    { name: 'Backup' },
    { name: 'Result' },
    { name: 'Time to restore', kind: 'number' },
    { name: 'of these, loading', kind: 'number' },
  ] as const
  return html`<section aria-labelledby="restores">
<h2 id="restores">Restore drills</h2>
<p>The time to restore is from the order to the end: the backup found, a MySQL made (for a drill), loaded, compared. Each backup's own proof is a restore, too: see the databases. ${keptText(temporal)}</p>
${measured ? figure(html`Time to restore: <span class="key-first">━ drills</span>, <span class="key-second">╌ restores for use</span>`, restorePlot(restores, 'restores-plot')) : ''}
${
  listed.length === 0
    ? html`<p>There has been none.</p>`
    : scrollingTable(
        'Drills and restores, newest first',
        columns,
        listed.map((each) => row(each, context)),
      )
}
${more}</section>
`
}

function row({ at, kind, database, backupId, result, took }: Restore, context: PageContext): Html {
  const resultCell = result === 'equal' ? '✓ equal' : html`<span class="different">✗ DIFFERENT</span>`
  const loading = took?.restoreSeconds === undefined ? '–' : durationText(took.restoreSeconds)
  return html`<tr><th scope="row">${time(at, context)}</th><td>${kind}</td><td>${database}</td><td>${backupId}</td><td>${resultCell}</td><td class="number">${took ? durationText(took.seconds) : 'not kept'}</td><td class="number">${loading}</td></tr>
`
}
