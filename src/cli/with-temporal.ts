import { Client, Connection, type ConnectionOptions } from '@temporalio/client'
import { type ClientConnectConfig, loadClientConnectConfig } from '@temporalio/envconfig'
import { InputError } from './input-error.ts'

/**
 * Runs work with a client of Temporal, which is found as Temporal's own tools find it: by `TEMPORAL_ADDRESS`, `TEMPORAL_NAMESPACE`, ...
 * or their configuration file.
 *
 * @throws {InputError} the settings cannot be read
 * @throws {Error} nobody answers there
 */
export async function withTemporal<Result>(work: (client: Client) => Promise<Result>): Promise<Result> {
  const { connectionOptions, namespace } = readTemporalSettings()
  const connection = await connect(connectionOptions)
  try {
    return await work(new Client({ connection, ...(namespace !== undefined && { namespace }) }))
  } finally {
    await connection.close()
  }
}

function readTemporalSettings(): ClientConnectConfig {
  try {
    return loadClientConnectConfig()
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new InputError(
      `Temporal's settings cannot be read: ${why}. Check TEMPORAL_CONFIG_FILE, TEMPORAL_PROFILE and the other TEMPORAL_ variables.`,
    )
  }
}

async function connect(options: ConnectionOptions): Promise<Connection> {
  try {
    return await Connection.connect(options)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new Error(
      `Temporal cannot be reached at ${options.address ?? 'localhost:7233'}: ${why}. ` +
        'Is it up, and are TEMPORAL_ADDRESS and its credentials right?',
    )
  }
}
