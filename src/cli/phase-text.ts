import type { Question } from '../domain/decision.ts'
import type { PipelineProgress } from '../domain/progress.ts'
import { asWord } from './as-word.ts'

/** What a person should know of where a pipeline stands, beside its steps. Empty where its steps say it all. */
export function phaseText({ phase, paused, question }: PipelineProgress, workflowId: string): string {
  if (question) return questionText(question, workflowId)
  if (phase === 'waiting') return 'Another pipeline is at work on the database: this one waits until it has ended.'
  if (phase === 'undoing') return 'It takes back what it made.'
  if (phase === 'running' && paused)
    return `Paused before the next step. Go on: holdfast backup resume ${asWord(workflowId)}`
  return ''
}

function questionText({ step, why, answerBy }: Question, workflowId: string): string {
  return [
    `The step ${step} failed. What now?`,
    ...why.split('\n').map((line) => `  ${line}`),
    `Answer: holdfast backup decide ${asWord(workflowId)} retry | undo | keep`,
    `Without an answer by ${new Date(answerBy).toISOString()} it takes back what it made.`,
  ].join('\n')
}
