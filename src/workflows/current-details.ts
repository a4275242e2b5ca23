import type { Question } from '../domain/decision.ts'
import type { PipelineProgress, StepProgressView } from '../domain/progress.ts'

/** A pipeline as Markdown, for its page in Temporal's UI: what an operator is asked, and how each step went. */
export function currentDetails({ backupId, phase, paused, question, steps }: PipelineProgress): string {
  return [
    `${backupId === undefined ? 'No backup found yet' : `Backup \`${backupId}\``}: ${paused ? `${phase}, paused before the next step` : phase}`,
    ...(question ? [questionText(question)] : []),
    [
      line('step', 'state', 'seconds', 'tries', 'what came of it'),
      '|:---|:---|:---|:---|:---|',
      ...steps.map(row),
    ].join('\n'),
  ].join('\n\n')
}

function questionText({ step, why, answerBy }: Question): string {
  return [
    `**The step ${step} failed. What now?**`,
    `> ${why.replaceAll('\n', '\n> ')}`,
    'Answer with the update `decide`: `{"action":"retry"}` (with `"memoryLimit":"2Gi"` or `"deadlineSeconds":7200`, if wanted), ' +
      '`{"action":"undo"}` or `{"action":"keep"}`. ' +
      `Without an answer by ${new Date(answerBy).toISOString()} the pipeline takes back what it made.`,
  ].join('\n\n')
}

function row({ name, state, startedAt, endedAt, attempts, jobName, summary, why }: StepProgressView): string {
  const seconds = startedAt === undefined || endedAt === undefined ? '' : ((endedAt - startedAt) / 1000).toFixed(1)
  const said = [summary, why, jobName && `Job \`${jobName}\``].filter((each) => each !== undefined).join(', ')
  return line(name, stateText(state, startedAt), seconds, String(attempts ?? ''), said.replaceAll('|', '\\|'))
}

/** Wide, and not trimmed: the UI leaves no room between the columns of a table. */
const EM_SPACE = '\u2003'

function line(...cells: readonly string[]): string {
  return `| ${cells.join(`${EM_SPACE} | `)} |`
}

/** How far a step is that runs, and in which try, its pending activity says on the same page: a workflow is not told. */
function stateText(state: StepProgressView['state'], startedAt: number | undefined): string {
  if (state !== 'running' || startedAt === undefined) return state
  return `running since ${new Date(startedAt).toISOString().slice(11, 19)} UTC`
}
