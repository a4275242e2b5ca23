import type { PipelineProgress } from '../domain/progress.ts'
import type { StepName } from '../domain/steps.ts'
import { phaseText } from './phase-text.ts'
import { pipelineFrame } from './pipeline-frame.ts'
import { isQuiet } from './print.ts'
import { pendingText, stepLine } from './step-text.ts'

/** Shows the steps of a pipeline to a person, while it runs. */
export interface PipelineView {
  show(progress: PipelineProgress): void
  /** Ends the view. To be called when the pipeline has ended, well or not. */
  close(): void
}

/** How often a step that runs gets a line where lines cannot be overwritten. */
const LINE_MILLISECONDS = 10_000

/** A picture that changes in place on a terminal, else a line for each thing that happens. */
export async function pipelineView(
  stream: NodeJS.WritableStream & { readonly isTTY?: boolean },
  workflowId: string,
): Promise<PipelineView> {
  if (isQuiet()) return { show: () => undefined, close: () => undefined }
  if (!stream.isTTY) return linesView((line) => void stream.write(`${line}\n`), workflowId)
  const { createLogUpdate } = await import('log-update')
  const draw = createLogUpdate(stream)
  return { show: (progress) => draw(pipelineFrame(progress, workflowId, Date.now())), close: () => draw.done() }
}

/** @param now milliseconds of a clock that never goes back */
export function linesView(
  write: (line: string) => void,
  workflowId: string,
  now: () => number = () => performance.now(),
): PipelineView {
  const said = new Map<StepName, { state: string; text: string; at: number }>()
  let saidPhase = ''
  return {
    show: (progress) => {
      for (const step of progress.steps) {
        if (step.state === 'pending') continue
        const before = said.get(step.name)
        // A step that is run once more begins anew.
        const state = `${step.state} ${step.round ?? 0}`
        if (before?.state !== state) {
          said.set(step.name, { state, text: '', at: now() })
          write(stepLine(step))
          continue
        }
        const text = step.state === 'running' && step.pending ? pendingText(step.pending) : ''
        if (text === '' || text === before.text || now() - before.at < LINE_MILLISECONDS) continue
        said.set(step.name, { state, text, at: now() })
        write(`${stepLine(step)}: ${text}`)
      }
      const phase = phaseText(progress, workflowId)
      if (phase !== saidPhase && phase !== '') write(phase)
      saidPhase = phase
    },
    close: () => undefined,
  }
}
