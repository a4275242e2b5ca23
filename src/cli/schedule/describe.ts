import { printSchedule } from './print-schedule.ts'
import { withSchedules } from './with-schedules.ts'

/** `holdfast schedule describe`: when it is due, what it starts, and how its last runs went. */
export async function describeSchedule(
  scheduleId: string,
  { output }: { readonly output: 'table' | 'json' },
): Promise<void> {
  await withSchedules((client) => printSchedule(client, scheduleId, output))
}
