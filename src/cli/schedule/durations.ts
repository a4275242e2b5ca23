import { msToNumber } from '@temporalio/common'
import { InputError } from '../input-error.ts'

const HOUR_MILLISECONDS = 3_600_000

/**
 * A length of time as a person writes it: `90s`, `30m`, `6h`, `2d`.
 *
 * @returns milliseconds
 * @throws {InputError} naming the option where it is none
 */
export function parseDuration(option: string, text: string): number {
  const milliseconds = /^\d+(\.\d+)?\s*[a-z]+$/i.test(text) ? millisecondsOf(text) : undefined
  if (milliseconds === undefined)
    throw new InputError(`${option}: "${text}" is no length of time, such as 90s, 30m, 6h, 2d.`)
  return milliseconds
}

/** The other way round, in the largest unit that leaves no rest. */
export function durationText(milliseconds: number): string {
  const units = [
    ['d', 24 * HOUR_MILLISECONDS],
    ['h', HOUR_MILLISECONDS],
    ['m', 60_000],
    ['s', 1000],
  ] as const
  const [name, length] = units.find(([, each]) => milliseconds >= each && milliseconds % each === 0) ?? ['ms', 1]
  return `${milliseconds / length}${name}`
}

function millisecondsOf(text: string): number | undefined {
  try {
    return msToNumber(text)
  } catch {
    return undefined
  }
}
