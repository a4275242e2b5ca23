import { renderList } from '../../lab/render-progress.ts'
import type { StepName } from '../domain/steps.ts'
import { pendingText, type StepView, secondsOf, stepLine } from './step-text.ts'

/** Shows the steps of a pipeline to a person, while it runs. */
export interface PipelineView {
  show(steps: readonly StepView[]): void
  /** Ends the view. To be called when the pipeline has ended, well or not. */
  close(): Promise<void>
}

/** How often a step that runs gets a line where lines cannot be overwritten. */
const LINE_MILLISECONDS = 10_000

/** A list that changes in place on a terminal, else a line for each thing that happens. */
export function pipelineView(stream: NodeJS.WriteStream): PipelineView {
  return stream.isTTY ? listView(stream) : linesView((line) => void stream.write(`${line}\n`))
}

/** @param now milliseconds of a clock that never goes back */
export function linesView(write: (line: string) => void, now: () => number = () => performance.now()): PipelineView {
  const said = new Map<StepName, { state: string; text: string; at: number }>()
  return {
    show: (steps) => {
      for (const { step, pending } of steps) {
        if (step.state === 'pending') continue
        const before = said.get(step.name)
        if (before?.state !== step.state) {
          said.set(step.name, { state: step.state, text: '', at: now() })
          write(stepLine(step))
          continue
        }
        const text = pending ? pendingText(pending) : ''
        if (text === '' || text === before.text || now() - before.at < LINE_MILLISECONDS) continue
        said.set(step.name, { state: step.state, text, at: now() })
        write(`${stepLine(step)}: ${text}`)
      }
    },
    close: async () => undefined,
  }
}

function listView(stream: NodeJS.WriteStream): PipelineView {
  const { onProgress, close } = renderList(stream, 'sequential')
  const shown = new Set<StepName>()
  const settled = new Set<StepName>()
  return {
    show: (steps) => {
      // Which steps there will be, the workflow itself tells first: it follows from its request.
      for (const { step } of steps) {
        if (!shown.has(step.name)) onProgress({ step: step.name, state: 'waiting' })
        shown.add(step.name)
      }
      for (const { step, pending } of steps) {
        if (settled.has(step.name)) continue
        const text = pending ? pendingText(pending) : ''
        if (step.state === 'running' && text !== '') onProgress({ step: step.name, state: 'line', line: text })
        const seconds = secondsOf(step)
        if (seconds === undefined) continue
        settled.add(step.name)
        const summary = step.summary === undefined ? {} : { summary: step.summary }
        if (step.state === 'done') onProgress({ step: step.name, state: 'done', seconds, ...summary })
        else onProgress({ step: step.name, state: 'failed', seconds, message: `${step.name} ${step.state}` })
      }
    },
    close,
  }
}
