import { isGrpcServiceError } from '@temporalio/client'
import { type ClientConnectConfig, loadClientConnectConfig } from '@temporalio/envconfig'
import { NativeConnection } from '@temporalio/worker'
import { Refusal } from './refusal.ts'
import { rootMessage } from './root-message.ts'
import { assertSearchAttributes } from './search-attributes.ts'
import { within } from './within.ts'

const DEFAULT_ADDRESS = 'localhost:7233'
const DEFAULT_NAMESPACE = 'default'
const ANSWER_MILLISECONDS = 10_000
/** Of gRPC, where the server knows no such namespace. */
const NOT_FOUND = 5

/** A connection to Temporal that has answered, and the namespace, which is there. */
export interface TemporalConnection {
  readonly connection: NativeConnection
  readonly namespace: string
}

/**
 * Connects to Temporal as its own tools do: by `TEMPORAL_ADDRESS`, `TEMPORAL_NAMESPACE`, ... or their configuration file.
 *
 * @throws {Refusal} the settings cannot be read, nobody answers there, there is no such namespace, or it lacks search attributes
 */
export async function connectTemporal(): Promise<TemporalConnection> {
  const { connectionOptions, namespace = DEFAULT_NAMESPACE } = readSettings()
  const address = connectionOptions.address ?? DEFAULT_ADDRESS
  const connection = await connect(address, connectionOptions)
  await assertNamespace(connection, address, namespace)
  await assertSearchAttributes(connection, namespace)
  return { connection, namespace }
}

function readSettings(): ClientConnectConfig {
  try {
    return loadClientConnectConfig()
  } catch (error) {
    throw new Refusal(
      "Temporal's settings cannot be read",
      rootMessage(error),
      'Check TEMPORAL_CONFIG_FILE, TEMPORAL_PROFILE and the other TEMPORAL_ variables.',
    )
  }
}

async function connect(address: string, options: ClientConnectConfig['connectionOptions']): Promise<NativeConnection> {
  try {
    return await within(ANSWER_MILLISECONDS, NativeConnection.connect(options))
  } catch (error) {
    throw new Refusal(
      `Temporal cannot be reached at ${address}`,
      innermostMessage(rootMessage(error)),
      'Is it up, and are TEMPORAL_ADDRESS and its credentials right?',
    )
  }
}

async function assertNamespace(connection: NativeConnection, address: string, namespace: string): Promise<void> {
  try {
    await within(ANSWER_MILLISECONDS, connection.workflowService.describeNamespace({ namespace }))
  } catch (error) {
    if (isGrpcServiceError(error) && error.code === NOT_FOUND) {
      throw new Refusal(
        `Temporal at ${address} has no namespace "${namespace}"`,
        error.message,
        `Set TEMPORAL_NAMESPACE, or make it: temporal operator namespace create --namespace ${namespace}`,
      )
    }
    throw new Refusal(
      `Temporal at ${address} does not say whether its namespace "${namespace}" is there`,
      rootMessage(error),
      'Do its credentials allow this namespace?',
    )
  }
}

/** The SDK's core tells its errors as nested Rust structures: the last text in quotes is what happened. */
function innermostMessage(text: string): string {
  const quoted = [...text.matchAll(/(?:message|error): "([^"]+)"/g)].at(-1)?.[1]
  return quoted ?? text
}
