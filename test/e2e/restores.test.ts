// It has the namespace by itself before these restores begin.
import './worker-killed.e2e.ts'
import { afterAll, beforeAll, describe } from '@jest/globals'
import type { BackupResult } from '../../src/domain/backup-result.ts'
import { clearNamespace } from '../support/clear-namespace.ts'
import { theLab } from '../support/lab.ts'
import { openWorld, runWorkflow, type WorkflowWorld } from '../support/run-workflow.ts'
import { describeRestores } from './describe-restores.ts'

const PIPELINE_MILLISECONDS = 600_000
const NAMESPACE = 's3-restores'

let world: WorkflowWorld
let close: () => Promise<void>
let backup: BackupResult

describe('a backup that was dumped and uploaded in one pod', () => {
  beforeAll(async () => {
    const lab = await theLab()
    await clearNamespace(lab, NAMESPACE)
    ;({ world, close } = await openWorld(lab))
    const sampleData = { kind: 'sysbench', tables: 2, rowsPerTable: 1000 }
    const request = { namespace: NAMESPACE, sampleData, staging: 'pod' }
    backup = (await runWorkflow<BackupResult>(world, 'BackupPipeline', request)).result
  }, PIPELINE_MILLISECONDS)

  afterAll(async () => {
    await close()
    await clearNamespace(world.lab, NAMESPACE)
  }, PIPELINE_MILLISECONDS)

  describeRestores(
    () => world,
    NAMESPACE,
    () => backup,
  )
})
