import { expect, test } from '@jest/globals'
import type { RestoreResult } from '../../../src/domain/restore-result.ts'
import { DRILL_STEPS, RESTORE_STEPS, type StepName } from '../../../src/domain/steps.ts'
import { kubectl, mysql } from '../../support/lab.ts'
import { eventually } from '../../worker/support/eventually.ts'
import { faultSuite } from './fault-suite.ts'
import { LARGE, NAMESPACE } from './fault-world.ts'
import type { SeenJob } from './job-recorder.ts'
import { type NextJob, strikePipeline } from './strike-pipeline.ts'

/** What is not in the pipeline of every night: an overlapped dump and upload, and how people get their backups back. */

const CASE_MILLISECONDS = 600_000
const COUNT = Array.from({ length: LARGE.tables }, (_, table) => `SELECT COUNT(*) FROM sbtest.sbtest${table + 1}`)

const suite = faultSuite(LARGE)
let bucket = ''

test(
  'an overlapped dump and upload whose worker is killed, and whose pod is deleted then, is done once more',
  async () => {
    const name = () => 'worker killed, pod deleted at dumpAndUpload'
    const isIt = ({ purpose }: SeenJob) => purpose === 'dumpAndUpload'
    const strike = async (nextJob: NextJob) => {
      const job = await nextJob(isIt)
      await suite.world.killWorker()
      // Before there is another worker: the Job might be over by then.
      await suite.world.deletePods(job)
      await suite.world.startWorker()
    }
    const { outcome, violations, case: struck } = await strikePipeline(suite.world, name, strike, { staging: 'stream' })
    suite.cases.push(struck)
    if (outcome.kind === 'proven') bucket = outcome.result.bucket
    expect(violations).toEqual([])
    expect(outcome).toMatchObject({ kind: 'proven' })
  },
  CASE_MILLISECONDS,
)

test.each<[string, (job: SeenJob) => Promise<void>]>([
  [
    'worker killed',
    async () => {
      await suite.world.killWorker()
      await suite.world.startWorker()
    },
  ],
  ['pod deleted', async (job) => await suite.world.deletePods(job)],
  ['Job deleted', async (job) => await suite.world.deleteJob(job)],
])(
  'a restore over a schema that is there comes to its end, struck at each step: %s',
  async (how, strike) => {
    const database = await mysql(suite.world.lab, NAMESPACE, 'SHOW DATABASES')
    const input = { namespace: NAMESPACE, bucket, schemas: { sbtest: 'sbtest' }, ifExists: 'swap' }
    const { setAside } = await strikeEach('RestoreBackup', input, RESTORE_STEPS, how, strike)
    expect(await mysql(suite.world.lab, NAMESPACE, COUNT.join(' UNION ALL '))).toEqual(
      COUNT.map(() => String(LARGE.rowsPerTable)),
    )
    // Nothing is left beside but what the schema had.
    const left = await mysql(suite.world.lab, NAMESPACE, 'SHOW DATABASES')
    expect(left.filter((schema) => !database.includes(schema))).toEqual(Object.values(setAside))
  },
  CASE_MILLISECONDS,
)

test(
  'a drill whose pods are deleted at each step proves the backup, and leaves no MySQL behind',
  async () => {
    const input = { namespace: NAMESPACE, bucket }
    await strikeEach('DrillBackup', input, DRILL_STEPS, 'pod deleted', async (job) => await suite.world.deletePods(job))
    const scratch = ['get', 'deployments,services,persistentvolumeclaims', '--selector=holdfast.dev/scratch']
    // It is marked for its deletion, and goes when its pod has ended.
    await eventually(async () =>
      expect(await kubectl(suite.world.lab, '--namespace', NAMESPACE, ...scratch, '--output=name')).toBe(''),
    )
  },
  CASE_MILLISECONDS,
)

/** Runs a workflow to its end, and strikes once at each of its steps. */
async function strikeEach(
  type: string,
  input: object,
  steps: readonly StepName[],
  how: string,
  strike: (job: SeenJob) => Promise<void>,
): Promise<RestoreResult> {
  const { world, cases } = suite
  const { client, connection } = await world.connect()
  const end = new AbortController()
  try {
    const start = performance.now()
    const handle = await world.startWorkflow(client, type, input)
    const { runId } = await handle.describe()
    const striking = (async () => {
      for (const step of steps) {
        await strike(await world.recorder.untilRunning(runId, ({ purpose }) => purpose === step, end.signal))
      }
    })()
    striking.catch(() => undefined)
    const result: RestoreResult = await handle
      .result()
      .finally(() => end.abort(new Error('It ended before it was struck.')))
    await striking
    const names = world.recorder.jobsOf(runId).map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    const seconds = (performance.now() - start) / 1000
    const name = `${type}: ${how} at ${steps.length} steps`
    cases.push({ name, outcome: 'proven', seconds, retries: names.length - steps.length })
    return result
  } finally {
    await connection.close()
  }
}
