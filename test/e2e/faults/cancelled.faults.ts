import { expect, test } from '@jest/globals'
import { DEFAULT_STEPS } from '../../support/default-steps.ts'
import { kubectl } from '../../support/lab.ts'
import { eventually } from '../../worker/support/eventually.ts'
import { faultSuite } from './fault-suite.ts'
import { LARGE, NAMESPACE } from './fault-world.ts'
import { strikePipeline } from './strike-pipeline.ts'

/** A pipeline that somebody cancels in the middle of each of its steps. */

const CASE_MILLISECONDS = 600_000

const suite = faultSuite(LARGE)

test.each(DEFAULT_STEPS.filter((step) => step !== 'verify'))(
  'a pipeline that is cancelled at %s leaves what was there before',
  async (step) => {
    const before = await objects()
    const {
      outcome,
      violations,
      case: struck,
    } = await strikePipeline(
      suite.world,
      () => `cancelled at ${step}`,
      async (nextJob, { handle }) => {
        await nextJob(({ purpose }) => purpose === step)
        await handle.cancel()
      },
    )
    suite.cases.push(struck)
    expect(violations).toEqual([])
    expect(outcome).toMatchObject({ kind: 'undone', message: 'cancelled' })
    await eventually(async () => expect(await objects()).toEqual(before))
  },
  CASE_MILLISECONDS,
)

/** What a pipeline makes in its namespace and takes back: a volume that a failed Job holds goes with that Job. */
async function objects(): Promise<readonly string[]> {
  const kinds = 'deployments,replicasets,services,persistentvolumeclaims'
  const format = '{range .items[*]}{.kind}/{.metadata.name} {.metadata.deletionTimestamp}{"\\n"}{end}'
  const found = await kubectl(suite.world.lab, '--namespace', NAMESPACE, 'get', kinds, `--output=jsonpath=${format}`)
  return found.split('\n').filter((line) => line.endsWith(' '))
}
