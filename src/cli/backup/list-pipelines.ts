import type { Client, WorkflowExecutionInfo } from '@temporalio/client'
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common'
import { SEARCH_ATTRIBUTES } from '../../domain/search-attributes.ts'
import type { Outcome } from '../../workflows/visibility.ts'
import { columns } from '../columns.ts'
import { PIPELINE_TYPES } from './pipelines.ts'

type Info = Omit<WorkflowExecutionInfo, 'raw'>

/** One line of a list. */
export interface ListedPipeline {
  readonly workflowId: string
  readonly runId: string
  readonly type: string
  /** `<namespace>/<schemas>`; absent where it never said so. */
  readonly database?: string
  readonly outcome: string
  /** The step that runs, or was the last. */
  readonly step?: string
  readonly startedAt: string
  readonly endedAt?: string
}

/** Which are listed. */
export interface WantedPipelines {
  readonly outcome?: Outcome | undefined
  readonly limit: number
}

/** Pipelines, restores and drills, as Temporal lists them: those that run, then those that ended last. */
export async function listPipelines(client: Client, { outcome, limit }: WantedPipelines): Promise<ListedPipeline[]> {
  const types = PIPELINE_TYPES.map((type) => `'${type}'`).join(', ')
  const query = `WorkflowType IN (${types})${outcome === undefined ? '' : ` AND ${SEARCH_ATTRIBUTES.outcome} = '${outcome}'`}`
  const listed: ListedPipeline[] = []
  for await (const info of client.workflow.list({ query, pageSize: Math.min(limit, 1000) })) {
    listed.push(listedOf(info))
    if (listed.length >= limit) break
  }
  return listed
}

/** A line for each, for a person. */
export function listText(pipelines: readonly ListedPipeline[]): string {
  const rows = pipelines.map(({ workflowId, type, database = '', outcome, step = '', startedAt, endedAt }) => {
    return [workflowId, type, database, outcome, step, startedAt, endedAt ?? '']
  })
  return columns([['workflow', 'type', 'database', 'outcome', 'step', 'started', 'ended'], ...rows])
}

export function listedOf(info: Info): ListedPipeline {
  const { workflowId, runId, type, startTime, closeTime } = info
  const [database, step] = [attributeOf(info, 'database'), attributeOf(info, 'step')]
  return {
    workflowId,
    runId,
    type,
    ...(database !== undefined && { database }),
    outcome: outcomeOf(info),
    ...(step !== undefined && { step }),
    startedAt: startTime.toISOString(),
    ...(closeTime && { endedAt: closeTime.toISOString() }),
  }
}

/** One that was terminated could not say so itself. */
function outcomeOf(info: Info): string {
  const { name } = info.status
  if (name === 'TERMINATED' || name === 'TIMED_OUT') return name.toLowerCase().replace('_', ' ')
  return attributeOf(info, 'outcome') ?? name.toLowerCase()
}

function attributeOf({ typedSearchAttributes }: Info, name: keyof typeof SEARCH_ATTRIBUTES): string | undefined {
  return typedSearchAttributes.get(defineSearchAttributeKey(SEARCH_ATTRIBUTES[name], SearchAttributeType.KEYWORD))
}
