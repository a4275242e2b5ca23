import ansis from 'ansis'
import type { PipelineProgress, StepProgressView, StepState } from '../domain/progress.ts'
import { phaseText } from './phase-text.ts'
import { amountText, beforeText, whereText } from './step-text.ts'

const BAR_CELLS = 20
/** Before what a step says: its mark, its name and its time. */
const INDENT = ' '.repeat(29)

const MARKS: Readonly<Record<StepState, string>> = {
  pending: ansis.dim('·'),
  running: ansis.cyan('▶'),
  done: ansis.green('✔'),
  failed: ansis.red('✖'),
  cancelled: ansis.yellow('✖'),
}

/**
 * A pipeline as it is drawn on a terminal, over what was drawn before.
 *
 * @param now in milliseconds since 1970
 */
export function pipelineFrame(progress: PipelineProgress, workflowId: string, now: number): string {
  const phase = phaseText(progress, workflowId)
  return [
    ...progress.steps.flatMap((step) => stepLines(step, now)),
    ...(phase === '' ? [] : [ansis.yellow(phase)]),
  ].join('\n')
}

function stepLines(step: StepProgressView, now: number): string[] {
  const { name, state, startedAt, endedAt = now, summary = '', pending } = step
  const time = startedAt === undefined ? '' : `${(Math.max(0, endedAt - startedAt) / 1000).toFixed(1)} s`
  const percent = state === 'running' ? pending?.job?.progress?.percent : undefined
  const said = state === 'running' ? amountText(pending?.job) : summary
  const bar = percent === undefined ? '' : `${barText(percent)} `
  const head = `${MARKS[state]} ${name.padEnd(15)}${time.padStart(10)}  ${bar}${said}`.trimEnd()
  if (state !== 'running' || !pending) return [head]
  const below = [whereText(pending), beforeText(pending), pending.job?.lastLine ?? ''].filter((line) => line !== '')
  return [head, ...below.map((line) => INDENT + ansis.dim(line))]
}

function barText(percent: number): string {
  const full = Math.round((percent / 100) * BAR_CELLS)
  return '█'.repeat(full) + '░'.repeat(BAR_CELLS - full)
}
