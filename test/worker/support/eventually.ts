import pRetry from 'p-retry'

const INTERVAL_MILLISECONDS = 100
const TRIES = 600

/** Looks until what is looked for is there, and returns it; after a minute it throws what the last look threw. */
export async function eventually<Value>(look: () => Promise<Value>): Promise<Value> {
  return await pRetry(look, { retries: TRIES, factor: 1, minTimeout: INTERVAL_MILLISECONDS, maxRetryTime: 60_000 })
}
