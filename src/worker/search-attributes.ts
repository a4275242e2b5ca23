import type { NativeConnection } from '@temporalio/worker'
import { SEARCH_ATTRIBUTES } from '../domain/search-attributes.ts'
import { Refusal } from './refusal.ts'
import { rootMessage } from './root-message.ts'
import { within } from './within.ts'

const ANSWER_MILLISECONDS = 10_000
/** `INDEXED_VALUE_TYPE_KEYWORD` of Temporal's API. */
const KEYWORD = 2

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
  const missing = Object.values(SEARCH_ATTRIBUTES).filter((name) => known.customAttributes?.[name] !== KEYWORD)
  if (missing.length === 0) return
  const names = missing.map((name) => `--name ${name} --type Keyword`).join(' ')
  throw new Refusal(
    `Temporal's namespace "${namespace}" lacks search attributes of a pipeline, or has them with another type`,
    missing.join(', '),
    `Make them: temporal operator search-attribute create --namespace ${namespace} ${names}`,
  )
}
