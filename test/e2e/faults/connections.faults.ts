import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { theLab } from '../../support/lab.ts'
import { kubeconfigWith } from '../../worker/support/account.ts'
import { type FaultCase, faultTable } from './fault-report.ts'
import { FaultWorld } from './fault-world.ts'
import { readKubeconfig } from './read-kubeconfig.ts'
import { strikePipeline } from './strike-pipeline.ts'
import { type ToxicWay, Toxiproxy } from './toxiproxy.ts'

/** The worker's connections, to Temporal and to Kubernetes. */

const CASE_MILLISECONDS = 600_000
const FAULT_MILLISECONDS = 10_000

let world: FaultWorld
let toxiproxy: Toxiproxy
let toTemporal: ToxicWay
let toKubernetes: ToxicWay
let removeKubeconfig: () => Promise<void>
const cases: FaultCase[] = []

beforeAll(async () => {
  const lab = await theLab()
  const { server, user } = await readKubeconfig(lab)
  toxiproxy = await Toxiproxy.start()
  toTemporal = await toxiproxy.open('temporal', lab.temporal.address)
  toKubernetes = await toxiproxy.open('kubernetes', server)
  const { kubeconfig, remove } = await kubeconfigWith(lab, user, `https://${toKubernetes.address}`)
  removeKubeconfig = remove
  world = await FaultWorld.start({ TEMPORAL_ADDRESS: toTemporal.address, KUBECONFIG: kubeconfig })
  await world.startWorker()
}, CASE_MILLISECONDS)

afterAll(async () => {
  await world.stop()
  await Promise.all([toxiproxy.stop(), removeKubeconfig()])
  process.stdout.write(`${faultTable(cases)}\n`)
}, CASE_MILLISECONDS)

type Fault = (way: ToxicWay) => Promise<() => Promise<void>>

const cut: Fault = async (way) => await way.cut()
const reset: Fault = async (way) => await way.add({ type: 'reset_peer', attributes: { timeout: 0 } })
const slow: Fault = async (way) => await way.add({ type: 'latency', attributes: { latency: 500, jitter: 400 } })

test.each<[string, string, string, () => ToxicWay, Fault]>([
  ['Temporal', 'cut', 'dump', () => toTemporal, cut],
  ['Temporal', 'reset', 'upload', () => toTemporal, reset],
  ['Temporal', 'slow', 'copy', () => toTemporal, slow],
  ['Kubernetes', 'cut', 'upload', () => toKubernetes, cut],
  ['Kubernetes', 'cut', 'restore', () => toKubernetes, cut],
  ['Kubernetes', 'reset', 'dump', () => toKubernetes, reset],
  ['Kubernetes', 'slow', 'upload', () => toKubernetes, slow],
])(
  'the connection of the worker to %s is %s for 10 s at %s: the pipeline ends proven, each Job submitted once',
  async (name, how, step, way, fault) => {
    const {
      outcome,
      violations,
      jobs,
      case: struck,
    } = await strikePipeline(
      world,
      () => `worker–${name} ${how} at ${step}`,
      async (nextJob) => {
        await nextJob(({ purpose }) => purpose === step)
        const mend = await fault(way())
        // How long the fault lasts is the fault.
        await sleep(FAULT_MILLISECONDS)
        await mend()
      },
    )
    cases.push(struck)
    expect(violations).toEqual([])
    expect(outcome).toMatchObject({ kind: 'proven' })
    expect(jobs.map(({ try: number }) => number)).toEqual(jobs.map(() => 1))
  },
  CASE_MILLISECONDS,
)
