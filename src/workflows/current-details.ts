import type { Question } from '../domain/decision.ts'
import type { PipelineProgress, StepProgressView } from '../domain/progress.ts'

/** A pipeline as Markdown, for its page in Temporal's UI: what an operator is asked, and how each step went. */
export function currentDetails({ backupId, phase, paused, question, steps }: PipelineProgress): string {
  return [
    `${backupId === undefined ? 'No backup found yet' : `Backup \`${backupId}\``}: ${paused ? `${phase}, paused before the next step` : phase}`,
    ...(question ? [questionText(question)] : []),
    ['| step | state | seconds | tries | what came of it |', '|---|---|---|---|---|', ...steps.map(row)].join('\n'),
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
  return `| ${name} | ${stateText(state, startedAt)} | ${seconds} | ${attempts ?? ''} | ${said.replaceAll('|', '\\|')} |`
}

/** How far a step is that runs, and in which try, its pending activity says on the same page: a workflow is not told. */
function stateText(state: StepProgressView['state'], startedAt: number | undefined): string {
  if (state !== 'running' || startedAt === undefined) return state
  return `running since ${new Date(startedAt).toISOString().slice(11, 19)} UTC`
}
