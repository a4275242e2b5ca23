import { html } from 'hono/html'
import type { Report } from '../model/report-model.ts'
import type { Difference, FailedWorkflow, TemporalFacts } from '../report-facts.ts'
import { counted } from '../texts.ts'
import type { Html, PageContext } from './page-context.ts'
import { scrollingTable } from './scrolling-table.ts'
import { time } from './time.ts'

/** The newest are listed. */
const MOST_LISTED = 200

/** What failed and why, what a comparison found different, and records that cannot be relied on. */
export function failuresSection(report: Report, context: PageContext): Html {
  const { temporal, differences, damaged } = report
  const failures = temporal?.failures ?? []
  return html`<section aria-labelledby="failures">
<h2 id="failures">Failures</h2>
<p>${keptText(temporal)} What was cancelled is no failure.</p>
${temporal && failures.length === 0 ? html`<p>No pipeline, restore or drill has failed.</p>` : ''}
${failures.length > 0 ? failuresTable(failures, context) : ''}
${differences.length > 0 ? differencesTable(differences, context) : ''}
${damaged.length > 0 ? damagedTable(report) : ''}
</section>
`
}

/** From when on Temporal knows. */
export function keptText(temporal: TemporalFacts | null): string {
  if (!temporal) return 'Temporal was not asked: it knows what failed and why, and what restores took.'
  const { namespace, taskQueue, keptDays } = temporal
  const kept = keptDays === null ? 'for as long as it was told to' : `for ${counted(keptDays, 'day')}`
  return `Temporal's namespace ${namespace} keeps workflows that have ended ${kept}: of those of the task queue ${taskQueue} before that, it knows nothing.`
}

function failuresTable(failures: readonly FailedWorkflow[], context: PageContext): Html {
  const columns = [{ name: 'Ended' }, { name: 'Workflow' }, { name: 'Database' }, { name: 'How' }, { name: 'Why' }]
  const rows = failures
    .slice(0, MOST_LISTED)
    .map(({ endedAt, workflowId, type, database = '–', status, step, why }) => {
      const how = `${status.toLowerCase().replace('_', ' ')}${step === undefined ? '' : ` at ${step}`}`
      return html`<tr><th scope="row">${time(endedAt, context)}</th><td>${workflowId} <span class="soft">${type}</span></td><td>${database}</td><td class="failed">${how}</td><td class="why">${why}</td></tr>
`
    })
  const of = failures.length > rows.length ? `, the newest ${rows.length} of ${failures.length}` : ''
  return scrollingTable(`Pipelines, restores and drills that failed${of}`, columns, rows)
}

function differencesTable(differences: readonly Difference[], context: PageContext): Html {
  const columns = [{ name: 'Compared' }, { name: 'Backup' }, { name: 'What was found' }]
  const rows = differences.map(({ provenAt, backupId, differenceCount, differences: first }) => {
    const lines = first.map(({ kind, name, what }) => `the ${kind} ${name} ${what}`)
    const found = [counted(differenceCount, 'difference'), ...lines].join('\n')
    return html`<tr><th scope="row">${time(new Date(provenAt), context)}</th><td>${backupId}</td><td class="why">${found}</td></tr>
`
  })
  return scrollingTable('Backups that were restored and found different, newest first', columns, rows)
}

function damagedTable({ damaged }: Report): Html {
  const rows = damaged.map(
    ({ backupId, why }) => html`<tr><th scope="row">${backupId}</th><td class="why">${why}</td></tr>
`,
  )
  return scrollingTable('Records that cannot be relied on', [{ name: 'Backup' }, { name: 'Why' }], rows)
}
