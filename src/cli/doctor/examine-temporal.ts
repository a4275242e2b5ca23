import { type Client, isGrpcServiceError } from '@temporalio/client'
import { CheckFailed } from '../../domain/checklist.ts'
import { SEARCH_ATTRIBUTE_TYPES, searchAttributeApiTypes } from '../../domain/search-attributes.ts'

/** Of gRPC, where the server knows no such namespace. */
const NOT_FOUND = 5
/** Of `TaskQueueType` in Temporal's API. */
const TASK_QUEUE_TYPES = { workflows: 1, activities: 2 } as const

/** @throws {CheckFailed} */
export async function assertNamespace({ workflowService, options: { namespace } }: Client): Promise<string> {
  try {
    await workflowService.describeNamespace({ namespace })
    return `"${namespace}" is there`
  } catch (error) {
    if (!isGrpcServiceError(error) || error.code !== NOT_FOUND) throw error
    throw new CheckFailed(
      `there is no namespace "${namespace}"`,
      `Set TEMPORAL_NAMESPACE, or make it: temporal operator namespace create --namespace ${namespace}`,
      error,
    )
  }
}

/**
 * Whether a namespace knows the search attributes of a pipeline.
 *
 * @param fix registers those that it does not know
 * @throws {CheckFailed}
 */
export async function assertSearchAttributes(client: Client, fix: boolean): Promise<string> {
  const before = await attributesOf(client)
  const missing = Object.entries(SEARCH_ATTRIBUTE_TYPES).filter(([name]) => before[name] === undefined)
  if (missing.length === 0)
    return asserted(client, before, `${Object.keys(SEARCH_ATTRIBUTE_TYPES).length} are registered`)
  const { namespace } = client.options
  const names = missing.map(([name]) => name)
  if (fix) {
    const types = Object.entries(searchAttributeApiTypes())
    const searchAttributes = Object.fromEntries(types.filter(([name]) => names.includes(name)))
    await client.connection.operatorService.addSearchAttributes({ namespace, searchAttributes })
    return asserted(client, await attributesOf(client), `${names.join(', ')} were missing, and are registered now`)
  }
  const options = missing.map(([name, type]) => `--name ${name} --type ${type}`).join(' ')
  throw new CheckFailed(
    `missing: ${names.join(', ')}`,
    `holdfast doctor --fix, or: temporal operator search-attribute create --namespace ${namespace} ${options}`,
  )
}

/**
 * Whether workers poll a task queue, for workflows and for activities. Temporal names those of the last five minutes: one of them may
 * be gone by now.
 *
 * @throws {CheckFailed}
 */
export async function assertPolled(client: Client, taskQueue: string): Promise<string> {
  const workers = new Set<string>()
  for (const [what, taskQueueType] of Object.entries(TASK_QUEUE_TYPES)) {
    const identities = await pollersOf(client, taskQueue, taskQueueType)
    if (identities.length === 0) {
      throw new CheckFailed(
        `no worker polls the task queue ${taskQueue} for ${what}`,
        'Start one (npm run worker), or name its task queue: --task-queue, HOLDFAST_TASK_QUEUE.',
      )
    }
    for (const identity of identities) workers.add(identity)
  }
  return `${[...workers].join(', ')} on the task queue ${taskQueue}`
}

type Attributes = Readonly<Record<string, unknown>>

async function attributesOf({ connection, options: { namespace } }: Client): Promise<Attributes> {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace })
  return customAttributes ?? {}
}

/** @throws {CheckFailed} where one has another type, or is still not there */
function asserted({ options: { namespace } }: Client, attributes: Attributes, words: string): string {
  const types = searchAttributeApiTypes()
  const wrong = Object.entries(SEARCH_ATTRIBUTE_TYPES).filter(([name]) => attributes[name] !== types[name])
  if (wrong.length === 0) return words
  const options = wrong.map(([name]) => `--name ${name}`).join(' ')
  throw new CheckFailed(
    `registered with another type: ${wrong.map(([name, type]) => `${name}, which has to be ${type}`).join('; ')}`,
    `Remove and register them anew: temporal operator search-attribute remove --namespace ${namespace} ${options}; holdfast doctor --fix`,
  )
}

async function pollersOf(client: Client, taskQueue: string, taskQueueType: 1 | 2): Promise<string[]> {
  const { namespace } = client.options
  const request = { namespace, taskQueue: { name: taskQueue }, taskQueueType }
  const { pollers } = await client.workflowService.describeTaskQueue(request)
  return (pollers ?? []).map(({ identity }) => identity ?? 'unnamed')
}
