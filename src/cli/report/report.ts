import { writeFile } from 'node:fs/promises'
import { isTimeZone } from '../../domain/time-zone.ts'
import { reportOf } from '../../report/model/report-model.ts'
import { reportPage } from '../../report/page/report-page.ts'
import type { NamedRule, ReportFacts } from '../../report/report-facts.ts'
import { counted } from '../../report/texts.ts'
import { InputError } from '../input-error.ts'
import { print, say } from '../print.ts'
import { type RuleOptions, ruleInput, ruleOf } from '../retention-options.ts'
import { parseDuration } from '../schedule/durations.ts'
import { readCatalogFacts } from './read-catalog-facts.ts'
import { readTemporalFacts } from './read-temporal-facts.ts'

export interface ReportOptions extends RuleOptions {
  readonly bucket: string
  readonly pathStyle?: boolean
  readonly file: string
  readonly timeZone: string
  readonly provenWithin: string
  readonly taskQueue: string
  /** False where `--no-temporal` was typed. */
  readonly temporal: boolean
  /** False where `--no-cache` was typed. */
  readonly cache: boolean
}

const STANDARD_OUTPUT = '-'
const HOUR_MILLISECONDS = 3_600_000

/**
 * `holdfast report`: writes one HTML file that says of every database whether its backups are proven.
 *
 * @throws {InputError} naming the option that is wrong
 */
export async function report(options: ReportOptions): Promise<void> {
  const facts = await readFacts(options)
  const page = await reportPage(reportOf(facts))
  if (options.file === STANDARD_OUTPUT) {
    process.stdout.write(page)
    return
  }
  await writeFile(options.file, page)
  print(options.file)
  const damaged = facts.damaged.length
  if (damaged > 0) say(`${counted(damaged, 'record')} cannot be relied on: the report names them under Failures.`)
}

/** What is wrong with the options is found before anybody is asked for anything. */
async function readFacts(options: ReportOptions): Promise<ReportFacts> {
  const { bucket, timeZone, provenWithin, taskQueue } = options
  if (!isTimeZone(timeZone)) throw new InputError(`--time-zone: ${timeZone} is no time zone.`)
  const withinHours = parseDuration('--proven-within', provenWithin) / HOUR_MILLISECONDS
  const named = namedRules(options)
  // First, since it answers soon or not at all; a bucket may take its time.
  const fromTemporal = options.temporal ? await readTemporalFacts(taskQueue, bucket) : null
  const catalog = await readCatalogFacts(options)
  return {
    ...{ bucket, timeZone, withinHours, madeAt: new Date() },
    ...catalog,
    temporal: fromTemporal?.temporal ?? null,
    rules: [...named, ...(fromTemporal?.rules ?? [])],
  }
}

/** The rule of the options, if they have one. Its days are those of the report. */
function namedRules(options: ReportOptions): NamedRule[] {
  const { timeZone: _, minimumAgeHours: __, ...keeping } = options
  if (Object.keys(ruleInput(keeping)).length === 0) return []
  return [{ name: 'the rule that was named for this report', rule: ruleOf(options), hold: [] }]
}
