import { Client, Connection } from '@temporalio/client'
import { loadClientConnectConfig } from '@temporalio/envconfig'

/**
 * Runs work with a client of Temporal, which is found as Temporal's own tools find it: by `TEMPORAL_ADDRESS`, `TEMPORAL_NAMESPACE`, ...
 * or their configuration file.
 */
export async function withTemporal<Result>(work: (client: Client) => Promise<Result>): Promise<Result> {
  const { connectionOptions, namespace } = loadClientConnectConfig()
  const connection = await Connection.connect(connectionOptions)
  try {
    return await work(new Client({ connection, ...(namespace !== undefined && { namespace }) }))
  } finally {
    await connection.close()
  }
}
