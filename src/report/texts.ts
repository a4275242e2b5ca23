const UNITS = [
  ['d', 86_400],
  ['h', 3600],
  ['min', 60],
  ['s', 1],
] as const

/** A length of time for a person, by its two largest units: `3 d 4 h`, `2 min 5 s`, `0.4 s`. @param seconds not below 0 */
export function durationText(seconds: number): string {
  if (seconds < 10) return `${Number(seconds.toFixed(1))} s`
  const whole = Math.round(seconds)
  const first = UNITS.findIndex(([, length]) => whole >= length)
  let left = whole
  const parts = UNITS.slice(first, first + 2).map(([unit, length]) => {
    const count = Math.floor(left / length)
    left -= count * length
    return { count, unit }
  })
  return parts
    .filter(({ count }) => count > 0)
    .map(({ count, unit }) => `${count} ${unit}`)
    .join(' ')
}

/** How long ago something was. */
export function ageText(at: Date, now: Date): string {
  const seconds = Math.max(0, (now.getTime() - at.getTime()) / 1000)
  return seconds < 60 ? 'just now' : `${durationText(seconds)} ago`
}

/** One thing of several: `1 backup`, `2 backups`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`
}

/** Tells a time as 2026-01-31 23:59. One serves for all: each takes 36 kB. */
export function clock(timeZone: string): (at: Date) => string {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' })
  return (at) => format.format(at)
}
