import prettyBytes from 'pretty-bytes'
import { asWord } from '../cli/as-word.ts'
import type { Happening, HappeningOf, Notification } from '../domain/notification.ts'

/** What a target is told beside the notification itself. */
export interface NoticeOptions {
  /** Whether the words of a failure are told. */
  readonly explain: boolean
  /** The workflow's page in Temporal's UI; undefined where it is not known. */
  readonly link: string | undefined
}

/** A notification as a person reads it. */
export interface Notice {
  /** What has happened, to what. */
  readonly title: string
  readonly paragraphs: readonly Paragraph[]
}

/** `verbatim`: words of a program, or commands, whose lines are to stay as they are. `link`: the address of the workflow's page. */
export interface Paragraph {
  readonly kind: 'prose' | 'verbatim' | 'link'
  readonly text: string
}

const WORKFLOWS: Readonly<Record<string, string>> = {
  BackupPipeline: 'Backup',
  RestoreBackup: 'Restore',
  DrillBackup: 'Drill',
  PruneBackups: 'Pruning',
}

/** @returns what is told of a notification, and what is to be done */
export function noticeOf(notification: Notification, { explain, link }: NoticeOptions): Notice {
  const { workflow, request, database, happening } = notification
  const of = database === undefined ? '' : `: ${database}`
  const told = `Workflow ${workflow.workflowId}${request === undefined ? '' : `. ${request}`}`
  const paragraphs = [
    ...paragraphsOf(happening, notification, explain),
    ...(happening.event === 'test' ? [] : [prose(told)]),
    ...(link === undefined ? [] : [{ kind: 'link', text: link } as const]),
  ]
  return { title: titleOf(happening, WORKFLOWS[workflow.type] ?? workflow.type) + of, paragraphs }
}

function titleOf({ event }: Happening, workflow: string): string {
  switch (event) {
    case 'failed':
      return `${workflow} failed`
    case 'asked':
      return `${workflow} asks what to do`
    case 'proven':
      return workflow === 'Drill' ? 'Backup proven once more' : 'Backup proven'
    case 'unproven':
      return 'No proven backup any more'
    case 'test':
      return 'Holdfast can reach you: this is a test'
  }
}

function paragraphsOf(happening: Happening, notification: Notification, explain: boolean): Paragraph[] {
  switch (happening.event) {
    case 'failed':
      return failed(happening, explain)
    case 'asked':
      return asked(happening, notification.workflow.workflowId, explain)
    case 'proven':
      return proven(happening, notification.backupId)
    case 'unproven':
      return unproven(happening, notification.backupId)
    case 'test':
      return []
  }
}

function failed(happening: HappeningOf<'failed'>, explain: boolean): Paragraph[] {
  const { step, type, why, failuresInARow } = happening
  const what = step === undefined ? `It failed: ${type}.` : `The step ${step} failed: ${type}.`
  const row = failuresInARow === undefined || failuresInARow === 1 ? '' : ` ${failuresInARow} failures in a row.`
  return [
    prose(what + row),
    ...(explain ? [verbatim(why)] : []),
    ...undoneLines(happening, explain).map(prose),
    prose(`What to do: docs/runbook.md has ${type}.`),
  ]
}

function undoneLines({ undone, notUndone, kept }: HappeningOf<'failed'>, explain: boolean): string[] {
  const left = notUndone.map(({ name, why }) => (explain ? `${name} (${why})` : name))
  return [
    ...(undone.length > 0 ? [`Taken back: ${undone.join(', ')}.`] : []),
    ...(left.length > 0 ? [`Not taken back: ${left.join(', ')}.`] : []),
    ...(kept.length > 0 ? [`Left as it is: ${kept.join(', ')}.`] : []),
  ]
}

function asked({ step, why, answerBy }: HappeningOf<'asked'>, workflowId: string, explain: boolean): Paragraph[] {
  const answers = answersTo(workflowId).join('\n')
  return [
    prose(`The step ${step} failed. Until ${instant(answerBy)} it waits for an answer; then all is taken back.`),
    ...(explain ? [verbatim(why)] : []),
    prose('The answers:'),
    verbatim(answers),
  ]
}

/** The commands that answer a question. */
export function answersTo(workflowId: string): string[] {
  return ['retry', 'undo', 'keep'].map((action) => `npx holdfast backup decide ${asWord(workflowId)} ${action}`)
}

function proven({ bytes, tables, objects, seconds, steps }: HappeningOf<'proven'>, backupId = ''): Paragraph[] {
  const size = bytes === undefined ? '' : `, ${prettyBytes(bytes)}`
  const took = steps.map(({ name, seconds: each }) => `${name} ${each.toFixed(1)} s`)
  return [
    prose(
      `${backupId}${size}: ${tables} tables and ${objects} other objects came back equal, in ${seconds.toFixed(1)} s.`,
    ),
    ...(took.length > 0 ? [prose(took.join(', '))] : []),
  ]
}

function unproven({ withinHours, provenAt }: HappeningOf<'unproven'>, backupId = 'unknown'): Paragraph[] {
  return [
    prose(`One is expected every ${withinHours} hours. The last one is ${backupId}, proven at ${instant(provenAt)}.`),
    prose('What to do: docs/runbook.md, "No proven backup".'),
  ]
}

function instant(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d+Z$/, 'Z')
}

function prose(text: string): Paragraph {
  return { kind: 'prose', text }
}

function verbatim(text: string): Paragraph {
  return { kind: 'verbatim', text }
}
