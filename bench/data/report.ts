import { cpus } from 'node:os'
import Table from 'cli-table3'
import { median } from '../median.ts'
import { APART, DUMP_BESIDE, FINGERPRINTS, OVERLAPPED, PIPE, PIPE_BACK } from './measure-data.ts'
import type { Measurements } from './measurements.ts'

/** Prints what each took against what it is measured by. */
export function report(measurements: Measurements): void {
  const table = new Table({ head: ['', 'seconds', 'against', 'seconds', 'ratio'], style: { head: [], border: [] } })
  const secondsOf = (...names: string[]) => median(measurements.roundsOf(...names))
  const row = (ours: readonly string[], theirs: string) => {
    const ratio = median(measurements.ratios(ours, theirs))
    const [one, other] = [secondsOf(...ours), secondsOf(theirs)]
    table.push([ours.join(' + '), one.toFixed(1), theirs, other.toFixed(1), ratio.toFixed(2)])
  }
  row(['dump', 'upload'], PIPE)
  row([OVERLAPPED], PIPE)
  for (const where of ['', APART]) {
    const [dump, upload] = [`dump${where}`, `upload${where}`]
    row([`${OVERLAPPED}${where}`], secondsOf(dump) > secondsOf(upload) ? dump : upload)
  }
  row(['restore'], PIPE_BACK)
  row(['verify'], 'dump')
  row([...FINGERPRINTS], DUMP_BESIDE)
  console.log(table.toString())
  console.log('Medians, of ratios too: each is of what was measured in the same round.')
  console.log(`${cpus().length} × ${cpus()[0]?.model}`)
}
