import { afterAll, beforeAll, describe } from '@jest/globals'
import type { BackupResult } from '../../src/domain/backup-result.ts'
import { clearNamespace } from '../support/clear-namespace.ts'
import { theLab, type WholeLab } from '../support/lab.ts'
import { openWorld, type WorkflowWorld } from '../support/run-workflow.ts'
import { backUpOddObjects } from './back-up-odd-objects.ts'
import { describeDoctor } from './describe-doctor.ts'
import { describeExchange } from './describe-exchange.ts'
import { describeManyTables } from './describe-many-tables.ts'
import { describeRefusals } from './describe-refusals.ts'
import { describeOtherIdentity } from './encryption/describe-other-identity.ts'
import { describeShellSnapshot } from './under-writes/describe-shell-snapshot.ts'

const PIPELINE_MILLISECONDS = 600_000
const NAMESPACE = 's3-data'
const SCHEMA = 'shop'

let lab: WholeLab
let world: WorkflowWorld
let close: () => Promise<void>
let backup: BackupResult

describe('with a schema that was backed up', () => {
  beforeAll(async () => {
    lab = await theLab()
    ;({ world, close } = await openWorld(lab))
    await clearNamespace(lab, NAMESPACE)
    backup = (await backUpOddObjects(world, NAMESPACE, SCHEMA)).result
  }, PIPELINE_MILLISECONDS)

  afterAll(async () => {
    await close()
    await clearNamespace(lab, NAMESPACE)
  }, PIPELINE_MILLISECONDS)

  describeDoctor(() => world, NAMESPACE, SCHEMA)
  describeManyTables(() => lab, NAMESPACE)
  describeShellSnapshot(() => lab, NAMESPACE)
  describeOtherIdentity(() => world, NAMESPACE, SCHEMA)
  describeExchange(
    () => world,
    NAMESPACE,
    SCHEMA,
    () => backup,
  )
  describeRefusals(
    () => world,
    NAMESPACE,
    SCHEMA,
    () => backup,
  )
})
