import { asWord } from './as-word.ts'

/** What a person is told who stops following a workflow. */
export function howToGoOn(workflowId: string): string {
  return [
    'Stopped following. The workflow goes on.',
    `To follow it further: holdfast backup watch ${asWord(workflowId)}`,
    `To cancel it, which takes back what it made: holdfast backup cancel ${asWord(workflowId)}`,
  ].join('\n')
}
