import { readFileSync } from 'node:fs'
import { html, raw } from 'hono/html'
import type { NightState } from '../model/nights.ts'
import type { Report } from '../model/report-model.ts'
import { NIGHT_SIGNS } from '../plots/calendar-plot.ts'
import { clock, counted } from '../texts.ts'
import { CONTENT_POLICY } from './content-policy.ts'
import { databaseSection } from './database-section.ts'
import { anchorOf, databasesTable, verdict } from './databases-table.ts'
import { failuresSection } from './failures-section.ts'
import type { Html, PageContext } from './page-context.ts'
import { restoresSection } from './restores-section.ts'
import { spaceSection } from './space-section.ts'
import { time } from './time.ts'

/** Databases that have plots: the first of the page, which are those without a proof that is young enough. */
const MOST_DRAWN = 50

const NIGHT_WORDS: Readonly<Record<NightState, string>> = {
  proven: 'proven',
  different: 'restored and found different',
  unproven: 'a backup that is not proven',
  failed: 'failed, and no backup',
  missing: 'no backup',
}

const styles = readFileSync(new URL('report.css', import.meta.url), 'utf8')

/** The report as one HTML file that needs nothing beside it. */
export async function reportPage(report: Report): Promise<string> {
  const context = { now: report.madeAt, timeText: clock(report.timeZone) }
  return String(await page(report, context))
}

function page(report: Report, context: PageContext): Html {
  const { bucket, madeAt, timeZone, databases } = report
  const tables =
    databases.length > MOST_DRAWN ? html`<p>The first ${MOST_DRAWN} have plots, the others tables.</p>` : ''
  const sections = databases.map((database, index) => {
    return databaseSection(database, anchorOf(index), index < MOST_DRAWN ? 'plots' : 'tables', context)
  })
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="${CONTENT_POLICY}">
<title>Backups of ${bucket}</title>
<style>${raw(styles)}</style>
</head>
<body>
<a class="skip" href="#main">To the content</a>
<header>
<h1>Backups of ${bucket}</h1>
<p class="soft">Made at ${time(madeAt, context)}. All times and days are of ${timeZone}.</p>
<nav aria-label="Parts of the report"><ul>${PARTS.map(([anchor, name]) => html`<li><a href="#${anchor}">${name}</a></li>`)}</ul></nav>
</header>
<main id="main" tabindex="-1">
${verdict(report)}
<section aria-labelledby="databases">
<h2 id="databases">Databases</h2>
${databases.length > 0 ? databasesTable(report, context) : ''}
</section>
<section aria-labelledby="nights">
<h2 id="nights">Nights, sizes, durations</h2>
${legend()}
${tables}
${sections}
</section>
${restoresSection(report, context)}${failuresSection(report, context)}${spaceSection(report)}</main>
<footer>
<p class="soft">From the catalog of the bucket: ${counted(report.backupCount, 'record')} and their proofs. A backup is proven when it was restored and all of it was found equal the last time.</p>
</footer>
</body>
</html>
`
}

const PARTS = [
  ['databases', 'Databases'],
  ['nights', 'Nights, sizes, durations'],
  ['restores', 'Restore drills'],
  ['failures', 'Failures'],
  ['space', 'Space by rule'],
] as const

function legend(): Html {
  const states = Object.entries(NIGHT_WORDS).map(
    ([state, words]) => html`<li><span class="sign ${state}" aria-hidden="true">${signOf(state)}</span>${words}</li>`,
  )
  return html`<p>Of a night, the best backup counts. A night is the day on which its backup began.</p>
<ul class="legend">${states}</ul>`
}

function signOf(state: string): string {
  return new Map(Object.entries(NIGHT_SIGNS)).get(state) || '\u00a0'
}
