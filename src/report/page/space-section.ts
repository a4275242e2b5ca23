import { html } from 'hono/html'
import prettyBytes from 'pretty-bytes'
import type { Report } from '../model/report-model.ts'
import type { RuleSpace, Space } from '../model/space-by-rule.ts'
import { spacePlot } from '../plots/space-plot.ts'
import { counted } from '../texts.ts'
import { figure } from './database-section.ts'
import type { Html } from './page-context.ts'
import { scrollingTable } from './scrolling-table.ts'

/** What the bucket holds, and what rules make of it. */
export function spaceSection({ rules, bytes, backupCount, temporal }: Report): Html {
  const where = temporal
    ? 'No schedule prunes this bucket, and no rule was named for this report: nothing is deleted by itself.'
    : 'No rule was named for this report, and Temporal was not asked for schedules that prune.'
  return html`<section aria-labelledby="space">
<h2 id="space">Space by rule</h2>
<p>${counted(backupCount, 'backup')}, ${prettyBytes(bytes)} in both copies.</p>
${rules.length === 0 ? html`<p>${where}</p>` : rules.map((rule, index) => ruleTable(rule, `space-${index + 1}`))}
</section>
`
}

function ruleTable(rule: RuleSpace, id: string): Html {
  const { name, reasons, kept, toGo } = rule
  const columns = [
    { name: 'Kept as' },
    { name: 'Backups', kind: 'number' },
    { name: 'Both copies', kind: 'number' },
    { name: 'by nothing else', kind: 'number' },
  ] as const
  const rows = [
    ...reasons.map(({ reason, kept: own, only }) => row(reason, own, prettyBytes(only.bytes))),
    row('all that is kept', kept, ''),
    row('to be deleted', toGo, ''),
  ]
  return html`<h3>${name}</h3>
<p>A backup may be kept for several reasons. What S3 locks was not asked for: it stays, whatever the rule says.</p>
<div class="plots">${figure('Both copies, by reason', spacePlot(rule, id))}${scrollingTable(`Space by ${name}`, columns, rows)}</div>`
}

function row(reason: string, { backups, bytes }: Space, only: string): Html {
  return html`<tr><th scope="row">${reason}</th><td class="number">${backups}</td><td class="number">${prettyBytes(bytes)}</td><td class="number">${only}</td></tr>
`
}
