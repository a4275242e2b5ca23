import type { CalendarSpecDescription, ScheduleDescription } from '@temporalio/client'
import { durationText } from './durations.ts'

type Ranges = readonly { readonly start: unknown; readonly end: unknown; readonly step: number }[]

/** When a schedule is due, in words. Temporal keeps no cron expression: it keeps what it means, and the comment beside it. */
export function whenText({ calendars = [], intervals = [], timezone, jitter }: ScheduleDescription['spec']): string {
  const times = [
    ...calendars.map((calendar) => calendar.comment || calendarText(calendar)),
    ...intervals.map(({ every }) => `every ${durationText(every)}`),
  ]
  const zone = timezone || 'UTC'
  return [times.join(' and '), zone, ...(jitter ? [`up to ${durationText(jitter)} later`] : [])].join(', ')
}

/** Of one that was made by something else, without a comment: the fields as cron has them. */
function calendarText({ second, minute, hour, dayOfMonth, month, dayOfWeek }: CalendarSpecDescription): string {
  return `seconds ${rangesText(second)}, cron ${[minute, hour, dayOfMonth, month, dayOfWeek].map(rangesText).join(' ')}`
}

function rangesText(ranges: Ranges): string {
  return ranges
    .map(({ start, end, step }) => `${start}${end === start ? '' : `-${end}`}${step > 1 ? `/${step}` : ''}`)
    .join(',')
}
