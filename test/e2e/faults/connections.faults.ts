import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { theLab } from '../../support/lab.ts'
import { kubeconfigWith } from '../../worker/support/account.ts'
import { type CuttableProxy, startProxy } from '../../worker/support/cuttable-proxy.ts'
import { type FaultCase, faultTable } from './fault-report.ts'
import { FaultWorld } from './fault-world.ts'
import { readKubeconfig } from './read-kubeconfig.ts'
import { strikePipeline } from './strike-pipeline.ts'

const CASE_MILLISECONDS = 600_000
const CUT_MILLISECONDS = 10_000

let world: FaultWorld
let toTemporal: CuttableProxy
let toKubernetes: CuttableProxy
let removeKubeconfig: () => Promise<void>
const cases: FaultCase[] = []

beforeAll(async () => {
  const lab = await theLab()
  const { server, user } = await readKubeconfig(lab)
  toTemporal = await startProxy(lab.temporal.address)
  toKubernetes = await startProxy(server)
  const { kubeconfig, remove } = await kubeconfigWith(lab, user, `https://${toKubernetes.address}`)
  removeKubeconfig = remove
  world = await FaultWorld.start({ TEMPORAL_ADDRESS: toTemporal.address, KUBECONFIG: kubeconfig })
  await world.startWorker()
}, CASE_MILLISECONDS)

afterAll(async () => {
  await world.stop()
  await Promise.all([toTemporal.cut(), toKubernetes.cut(), removeKubeconfig()])
  process.stdout.write(`${faultTable(cases)}\n`)
}, CASE_MILLISECONDS)

test.each([
  ['Temporal', 'dump', () => toTemporal],
  ['Kubernetes', 'upload', () => toKubernetes],
  ['Kubernetes', 'restore', () => toKubernetes],
])(
  'the connection of the worker to %s is cut at %s: the pipeline ends proven, each Job submitted once',
  async (name, step, proxy) => {
    const {
      outcome,
      violations,
      jobs,
      case: struck,
    } = await strikePipeline(
      world,
      () => `${name} cut at ${step}`,
      async (nextJob) => {
        await nextJob(({ purpose }) => purpose === step)
        await proxy().cut()
        // How long the fault lasts is the fault.
        await sleep(CUT_MILLISECONDS)
        await proxy().open()
      },
    )
    cases.push(struck)
    expect(violations).toEqual([])
    expect(outcome).toMatchObject({ kind: 'proven' })
    expect(jobs.map(({ try: number }) => number)).toEqual(jobs.map(() => 1))
  },
  CASE_MILLISECONDS,
)
