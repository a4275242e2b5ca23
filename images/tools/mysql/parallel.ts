import type { Connection } from './connection.ts'

/**
 * Works off a queue by several connections at once, each item by the first that is free. Results stand in the items' order.
 * The first failure stops the rest.
 */
export async function inParallel<Item, Result>(
  connections: readonly Connection[],
  items: readonly Item[],
  work: (connection: Connection, item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = []
  let next = 0
  let hasFailed = false
  async function workOff(connection: Connection): Promise<void> {
    while (!hasFailed) {
      const index = next++
      const item = items[index]
      if (item === undefined) return
      try {
        results[index] = await work(connection, item)
      } catch (error) {
        hasFailed = true
        throw error
      }
    }
  }
  await Promise.all(connections.map(workOff))
  return results
}
