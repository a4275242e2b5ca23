import { afterAll, beforeAll, describe } from '@jest/globals'
import type { BackupResult } from '../../src/domain/backup-result.ts'
import { clearNamespace } from '../support/clear-namespace.ts'
import { theLab } from '../support/lab.ts'
import { openWorld, type WorkflowWorld } from '../support/run-workflow.ts'
import { describeRestores } from './describe-restores.ts'
import { describeWorkerKilled } from './describe-worker-killed.ts'

const CLEAR_MILLISECONDS = 600_000
const NAMESPACE = 's3-restores'

let world: WorkflowWorld
let close: () => Promise<void>
/** Absent where the pipeline of a worker that was killed is not proven: then nothing below can hold either. */
let backup: BackupResult | undefined

describe('with a backup in a namespace of its own', () => {
  beforeAll(async () => {
    ;({ world, close } = await openWorld(await theLab()))
  })

  afterAll(async () => {
    await close()
    await clearNamespace(world.lab, NAMESPACE)
  }, CLEAR_MILLISECONDS)

  describeWorkerKilled(NAMESPACE, (result) => {
    backup = result
  })

  describeRestores(
    () => world,
    NAMESPACE,
    () => {
      if (!backup) throw new Error('There is no backup: the pipeline whose worker was killed is not proven.')
      return backup
    },
  )
})
