import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client, Connection } from '@temporalio/client'
import { searchAttributeOptions } from '../../src/domain/search-attributes.ts'
import { freePort, type Processes } from './processes.ts'

const READY_MILLISECONDS = 60_000

export interface Temporal {
  readonly address: string
  readonly client: Client
}

/** Starts Temporal's dev server on a free port, with its database in a file as the lab's has. */
export async function startTemporal(program: string, directory: string, processes: Processes): Promise<Temporal> {
  const port = await freePort()
  const address = `127.0.0.1:${port}`
  await processes.start('temporal', program, [
    'server',
    'start-dev',
    '--headless',
    '--ip=127.0.0.1',
    `--port=${port}`,
    `--db-filename=${join(directory, 'temporal.db')}`,
    '--log-level=warn',
    ...searchAttributeOptions(),
  ])
  const connection = await connect(address)
  return { address, client: new Client({ connection }) }
}

async function connect(address: string): Promise<Connection> {
  const deadline = Date.now() + READY_MILLISECONDS
  for (;;) {
    try {
      const connection = await Connection.connect({ address, connectTimeout: 1000 })
      await connection.workflowService.describeNamespace({ namespace: 'default' })
      return connection
    } catch (error) {
      if (Date.now() > deadline) throw error
      await sleep(200)
    }
  }
}
