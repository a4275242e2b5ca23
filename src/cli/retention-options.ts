import type { Command } from 'commander'
import { type RetentionRule, retentionRuleSchema } from '../domain/retention.ts'
import { InputError } from './input-error.ts'

/** A rule by the options of a command, by the rule's own names. */
export interface RuleOptions {
  readonly keepLast?: number
  readonly hourly?: number
  readonly daily?: number
  readonly weekly?: number
  readonly monthly?: number
  readonly yearly?: number
  readonly maxAgeDays?: number
  readonly minimumAgeHours?: number
  readonly timeZone?: string
}

/** A pruning by the options of a command. */
export interface RetentionOptions extends RuleOptions {
  /** Backup ids that are to be kept. */
  readonly hold: readonly string[]
  readonly delete?: boolean
}

/** Adds the options of a pruning, but for `--time-zone`, which a command may have for more than that. */
export function retentionOptions(command: Command): Command {
  return ruleOptions(command).option('--hold <backup id...>', 'keep these', []).option('--delete', 'delete them')
}

/** Adds the options of a rule alone. */
export function ruleOptions(command: Command): Command {
  return command
    .option('--keep-last <number>', 'keep the newest so many', Number)
    .option('--hourly <number>', 'keep the newest of each of so many hours', Number)
    .option('--daily <number>', 'of so many days', Number)
    .option('--weekly <number>', 'of so many weeks', Number)
    .option('--monthly <number>', 'of so many months', Number)
    .option('--yearly <number>', 'of so many years', Number)
    .option('--max-age-days <number>', 'keep none by a rule that is older', Number)
    .option('--minimum-age-hours <number>', 'delete none that is younger', Number)
}

/** The rule as it was written, still to be checked. */
export function ruleInput(options: RuleOptions): object {
  const { keepLast, hourly, daily, weekly, monthly, yearly, maxAgeDays, minimumAgeHours, timeZone } = options
  const rule = { keepLast, hourly, daily, weekly, monthly, yearly, maxAgeDays, minimumAgeHours, timeZone }
  return Object.fromEntries(Object.entries(rule).filter(([, value]) => value !== undefined))
}

/** @throws {InputError} naming what is wrong */
export function ruleOf(options: RuleOptions): RetentionRule {
  const parsed = retentionRuleSchema().safeParse(ruleInput(options))
  if (parsed.success) return parsed.data
  const lines = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'rule'}: ${message}.`)
  throw new InputError(lines.join('\n'))
}
