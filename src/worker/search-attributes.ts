import type { NativeConnection } from '@temporalio/worker'
import { SEARCH_ATTRIBUTE_TYPES, searchAttributeApiTypes } from '../domain/search-attributes.ts'
import { Refusal } from './refusal.ts'
import { rootMessage } from './root-message.ts'
import { within } from './within.ts'

const ANSWER_MILLISECONDS = 10_000

/**
 * Asks Temporal whether it knows the search attributes of a pipeline: one that it does not know would hold up every pipeline,
 * without a failure.
 *
 * @throws {Refusal} naming those that are missing, with the commands that make them
 */
export async function assertSearchAttributes(connection: NativeConnection, namespace: string): Promise<void> {
  const known = await within(ANSWER_MILLISECONDS, connection.operatorService.listSearchAttributes({ namespace })).catch(
    (error: unknown) => {
      throw new Refusal(
        `Temporal does not say which search attributes its namespace "${namespace}" has`,
        rootMessage(error),
        'Do its credentials allow this namespace?',
      )
    },
  )
  const apiTypes = searchAttributeApiTypes()
  const missing = Object.entries(SEARCH_ATTRIBUTE_TYPES).filter(
    ([name]) => known.customAttributes?.[name] !== apiTypes[name],
  )
  if (missing.length === 0) return
  const options = missing.map(([name, type]) => `--name ${name} --type ${type}`).join(' ')
  throw new Refusal(
    `Temporal's namespace "${namespace}" lacks search attributes of a pipeline, or has them with another type`,
    missing.map(([name]) => name).join(', '),
    `Make them: temporal operator search-attribute create --namespace ${namespace} ${options}`,
  )
}
