import { expect, test } from '@jest/globals'
import { kubectl } from '../../support/lab.ts'
import { faultSuite } from './fault-suite.ts'
import { LARGE, NAMESPACE } from './fault-world.ts'
import { freeze, killAndMend } from './lab-faults.ts'
import { strikePipeline } from './strike-pipeline.ts'

const CASE_MILLISECONDS = 600_000
const FREEZE_MILLISECONDS = 15_000

const suite = faultSuite(LARGE)

/** What is struck, at which step, and how. */
const STRIKES: readonly [string, string, () => Promise<void>][] = [
  ['Temporal killed', 'dump', async () => await killAndMend('temporal')],
  ['kube-apiserver killed', 'upload', async () => await killAndMend('kube-apiserver')],
  ['kube-controller-manager killed', 'dump', async () => await killAndMend('kube-controller-manager')],
  ['kubelet killed', 'restore', async () => await killAndMend('kubelet')],
  ['etcd killed', 'copy', async () => await killAndMend('etcd')],
  ['kube-apiserver frozen', 'restore', async () => await freeze('kube-apiserver', FREEZE_MILLISECONDS)],
  ['Temporal frozen', 'dump', async () => await freeze('temporal', FREEZE_MILLISECONDS)],
  ['AWS frozen', 'upload', async () => await freeze('aws', FREEZE_MILLISECONDS)],
  ['MySQL killed', 'dump', async () => await killMysql()],
  ['MySQL killed', 'restore', async () => await killMysql()],
]

async function killMysql(): Promise<void> {
  const pods = ['delete', 'pods', '--selector', 'app.kubernetes.io/name=mysql', '--grace-period=0', '--force']
  await kubectl(suite.world.lab, '--namespace', NAMESPACE, ...pods)
}

test.each(STRIKES)(
  '%s at %s: the pipeline ends proven, or undone',
  async (name, step, strike) => {
    const struck = await strikePipeline(
      suite.world,
      () => `${name} at ${step}`,
      async (nextJob) => {
        await nextJob(({ purpose }) => purpose === step)
        await strike()
      },
    )
    suite.cases.push(struck.case)
    if (struck.outcome.kind === 'undone') process.stdout.write(`${name}: ${struck.outcome.message}\n`)
    expect(struck.violations).toEqual([])
  },
  CASE_MILLISECONDS,
)
