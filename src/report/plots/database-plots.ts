import prettyBytes from 'pretty-bytes'
import type { DatabaseReport } from '../model/database-report.ts'
import { ownProofOf } from '../model/proofs.ts'
import { durationText } from '../texts.ts'
import { BYTES, durationAxis } from './axes.ts'
import { seriesPlot } from './series-plot.ts'

/** Sizes of a database's backups over time. */
export function sizePlot({ backups, months }: DatabaseReport, id: string): string {
  const points = backups.map(({ startedAt: at, bytes: value }) => ({ at, value }))
  const [newest] = months.flatMap(({ bytes }) => bytes ?? [])
  const description = newest
    ? `In the last month with backups ${prettyBytes(newest.least)} to ${prettyBytes(newest.most)}.`
    : ''
  const words = { id, title: 'Size of a backup over time, one copy', description }
  return seriesPlot([{ look: 'first', points }], BYTES, words)
}

/** What its backups took: until they were in S3, and until they were proven. */
export function durationPlot({ backups, months }: DatabaseReport, id: string): string {
  const made = backups.map(({ startedAt: at, seconds: value }) => ({ at, value }))
  const proven = backups.flatMap((backup) => {
    const proof = ownProofOf(backup)
    if (!proof) return []
    return [{ at: backup.startedAt, value: (proof.at.getTime() - backup.startedAt.getTime()) / 1000 }]
  })
  const [newest] = months.flatMap(({ seconds }) => seconds ?? [])
  const description = newest
    ? `In the last month with backups, dump, upload and copy took ${durationText(newest.least)} to ${durationText(newest.most)}.`
    : ''
  const series = [
    { look: 'first', points: made },
    { look: 'second', points: proven },
  ] as const
  return seriesPlot(series, durationAxis(series), { id, title: 'What a backup took over time', description })
}
