import * as Plot from '@observablehq/plot'
import prettyBytes from 'pretty-bytes'
import type { RuleSpace } from '../model/space-by-rule.ts'
import { draw } from './draw.ts'

const WIDTH = 350
const BAR = 24

/** What a rule keeps, a bar for each reason, and one for what it would delete. */
export function spacePlot({ reasons, toGo, name }: RuleSpace, id: string): string {
  const kept = reasons.map(({ reason, kept: { bytes } }) => ({ reason, bytes }))
  const gone = [{ reason: 'to be deleted', bytes: toGo.bytes }]
  const channels = { x: 'bytes', y: 'reason' }
  const options: Plot.PlotOptions = {
    width: WIDTH,
    height: (kept.length + 1) * BAR + 30,
    marginLeft: 150,
    marginTop: 2,
    marginRight: 20,
    x: { label: null, ticks: 3, zero: true, tickFormat: (bytes: number) => prettyBytes(bytes), grid: true },
    y: { label: null, domain: [...kept, ...gone].map(({ reason }) => reason), tickSize: 0 },
    marks: [
      Plot.barX(kept, { ...channels, className: 'bar-kept' }),
      Plot.barX(gone, { ...channels, className: 'bar-gone' }),
    ],
  }
  return draw(options, { id, title: `Space by ${name}`, description: 'The table below has the same numbers.' })
}
