import { searchAttributeApiTypes } from '../src/domain/search-attributes.ts'
import { temporalAddress } from './addresses.ts'

const NAMESPACE = 'default'

/**
 * Registers the search attributes of a pipeline that Temporal does not know: its dev server takes those of its command line only when
 * it makes its database, and the lab's may be older than they are.
 */
export async function registerSearchAttributes(): Promise<void> {
  // Temporal's client takes a second to load, and other commands of the lab need none.
  const { Connection } = await import('@temporalio/client')
  const connection = await Connection.connect({ address: temporalAddress })
  try {
    const { operatorService } = connection
    const { customAttributes } = await operatorService.listSearchAttributes({ namespace: NAMESPACE })
    const missing = Object.entries(searchAttributeApiTypes()).filter(([name]) => customAttributes?.[name] === undefined)
    if (missing.length === 0) return
    await operatorService.addSearchAttributes({ namespace: NAMESPACE, searchAttributes: Object.fromEntries(missing) })
  } finally {
    await connection.close()
  }
}
