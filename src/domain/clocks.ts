import type { ClockOffset, Finding } from './doctor.ts'

/** What a clock said between two looks at another one. */
export interface ClockReading {
  readonly whose: string
  /** All three in milliseconds since 1970. */
  readonly read: number
  /** What the other clock said before, and after. */
  readonly before: number
  readonly after: number
}

/** How far the clock is from the other one: what the two looks leave open. */
export function offsetOf({ whose, read, before, after }: ClockReading): ClockOffset {
  return { whose, least: read - after, most: read - before }
}

/** An offset from a clock, as one from the clock that this one is measured by. */
export function offsetBy({ whose, least, most }: ClockOffset, by: ClockOffset): ClockOffset {
  return { whose, least: least + by.least, most: most + by.most }
}

/**
 * Whether clocks agree with Temporal's, by which workflows and schedules live. Only what is certain counts against one: an answer that
 * was long on its way leaves much open.
 *
 * @param offsets from Temporal's clock
 */
export function judgeClocks(offsets: readonly ClockOffset[], limitSeconds: number): Omit<Finding, 'check'> {
  if (offsets.length === 0) return { state: 'skipped', found: 'no clock could be read' }
  const wrong = offsets.filter((offset) => certainSeconds(offset) > limitSeconds)
  if (wrong.length === 0) {
    const found = offsets.map((offset) => `${offset.whose} ${seconds(possibleSeconds(offset))}`).join(', ')
    return { state: 'ok', found: `at most this far from Temporal's: ${found}` }
  }
  return {
    state: 'failed',
    found: `${wrong.map(describe).join('; ')}. ${limitSeconds} s are allowed.`,
    remedy:
      'Have the clocks of these machines set by NTP (chronyc tracking, timedatectl). S3 refuses requests that are 15 minutes off, and ' +
      "a backup's id says when it was made.",
  }
}

function describe(offset: ClockOffset): string {
  const side = offset.least > 0 ? 'ahead of' : 'behind'
  return `the clock of ${offset.whose} is at least ${seconds(certainSeconds(offset))} ${side} Temporal's`
}

function certainSeconds({ least, most }: ClockOffset): number {
  return Math.max(least, -most, 0) / 1000
}

function possibleSeconds({ least, most }: ClockOffset): number {
  return Math.max(Math.abs(least), Math.abs(most)) / 1000
}

function seconds(value: number): string {
  return `${value.toFixed(1)} s`
}
