import { dim, green, red } from 'ansis'
import { CHECK_TITLES, type Finding } from '../../domain/doctor.ts'

const MARKS: Readonly<Record<Finding['state'], string>> = { ok: green('✔'), failed: red('✖'), skipped: dim('–') }

/** A finding for a person: a line for what was found, and one for what to do about it. */
export function findingLines({ check, state, found, remedy }: Finding): string {
  const line = `${MARKS[state]} ${CHECK_TITLES[check]}: ${oneLine(found)}`
  return remedy === undefined ? line : `${line}\n  → ${oneLine(remedy)}`
}

/** What all findings come to. */
export function summaryLine(findings: readonly Finding[]): string {
  const count = (state: Finding['state']) => findings.filter((finding) => finding.state === state).length
  const [failed, skipped] = [count('failed'), count('skipped')]
  const notLookedAt = skipped === 0 ? '' : `, ${skipped} not looked at`
  return failed === 0 ? `Nothing is wrong${notLookedAt}.` : `${failed} wrong${notLookedAt}.`
}

export function isHealthy(findings: readonly Finding[]): boolean {
  return findings.every(({ state }) => state !== 'failed')
}

function oneLine(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, ' ')
}
