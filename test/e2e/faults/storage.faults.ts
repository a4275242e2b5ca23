import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals'
import { nodeAddress } from '../../../lab/addresses.ts'
import { kubectl } from '../../support/lab.ts'
import { eventually } from '../../worker/support/eventually.ts'
import { applyObjects } from '../../worker/support/worker-lab.ts'
import { type FaultCase, faultTable } from './fault-report.ts'
import { FaultWorld, NAMESPACE, type Sample } from './fault-world.ts'
import { killAndMend, withCredentialsFor } from './lab-faults.ts'
import { type Struck, strikePipeline } from './strike-pipeline.ts'
import { makeTinyVolume, type TinyVolume } from './tiny-volume.ts'
import { type ToxicWay, Toxiproxy } from './toxiproxy.ts'

/** What a step's pod stores to: the way to S3, its credentials for it, and the volume that the dump is on. */

const CASE_MILLISECONDS = 600_000
const FAULT_MILLISECONDS = 10_000
/** Many small objects, so that none takes long to upload, and all of them do. */
const SAMPLE: Sample = { tables: 30, rowsPerTable: 1000 }
/** KB a second and connection: with rclone's eight at a time, the sample takes some 20 s. */
const SLOW = { type: 'bandwidth', stream: 'upstream', attributes: { rate: 60 } } as const
const CREDENTIALS_SECONDS = 8
const SETTINGS = ['--namespace', 'holdfast', 'configmap', 'holdfast-aws'] as const

let world: FaultWorld
let toxiproxy: Toxiproxy
let toS3: ToxicWay
let settings: object
const cases: FaultCase[] = []

beforeAll(async () => {
  world = await FaultWorld.start({}, SAMPLE)
  toxiproxy = await Toxiproxy.start()
  toS3 = await toxiproxy.open('s3', new URL(world.lab.aws.endpoint).host, nodeAddress)
  settings = await sendPodsBy(toS3)
  await world.startWorker()
}, CASE_MILLISECONDS)

afterAll(async () => {
  await applyObjects(world.lab, [settings])
  await world.stop()
  await toxiproxy.stop()
  process.stdout.write(`${faultTable(cases)}\n`)
}, CASE_MILLISECONDS)

let mend: (() => Promise<void>)[] = []

afterEach(async () => {
  for (const each of mend.toReversed()) await each()
  mend = []
}, CASE_MILLISECONDS)

test.each<[string, () => Promise<() => Promise<void>>]>([
  ['cut', async () => await toS3.cut()],
  ['reset', async () => await toS3.add({ type: 'reset_peer', attributes: { timeout: 0 } })],
])(
  'the connection of the pod to S3 is %s for 10 s in the middle of a slow upload: the pipeline ends proven',
  async (how, fault) => {
    const { outcome, violations } = await strike(`pod–S3 slow, then ${how} at upload`, async (nextJob) => {
      mend.push(await toS3.add(SLOW))
      await nextJob(({ purpose }) => purpose === 'upload')
      const end = await fault()
      // How long the fault lasts is the fault.
      await sleep(FAULT_MILLISECONDS)
      await end()
    })
    expect(violations).toEqual([])
    expect(outcome).toMatchObject({ kind: 'proven' })
  },
  CASE_MILLISECONDS,
)

test(
  "a pod's credentials expire in the middle of its upload: it goes on with new ones",
  async () => {
    mend.push(await withCredentialsFor(CREDENTIALS_SECONDS))
    const { outcome, violations } = await strike('credentials expire at upload', async () => {
      mend.push(await toS3.add(SLOW))
    })
    expect(violations).toEqual([])
    expect(outcome).toMatchObject({ kind: 'proven' })
    const steps = outcome.kind === 'proven' ? outcome.result.steps : []
    const upload = steps.find(({ name }) => name === 'upload')
    expect(upload?.attempts).toBe(1)
    expect(upload?.seconds).toBeGreaterThan(CREDENTIALS_SECONDS)
  },
  CASE_MILLISECONDS,
)

test(
  'the volume of the dump is too small: the pipeline ends undone, and says so before it dumps anything',
  async () => {
    let volume: TinyVolume | undefined
    const { outcome, violations } = await strike('staging volume too small at dump', async (_, { backupId }) => {
      await eventually(async () => await kubectl(world.lab, 'get', 'namespace', NAMESPACE))
      volume = await makeTinyVolume(world.lab, NAMESPACE, `staging-${backupId.toLowerCase()}`)
      mend.push(volume.remove)
    })
    expect(violations).toEqual([])
    expect(outcome).toMatchObject({ kind: 'undone', details: { failedStep: 'dump' } })
    expect(outcome.kind === 'undone' && outcome.message).toMatch(/may need .* free\. Nothing was dumped/)
  },
  CASE_MILLISECONDS,
)

test(
  'AWS is killed and has forgotten everything: the pipeline ends undone, and says what it could not undo',
  async () => {
    const { outcome, violations } = await strike('AWS killed at upload', async (nextJob) => {
      mend.push(await toS3.add(SLOW))
      await nextJob(({ purpose }) => purpose === 'upload')
      await killAndMend('aws')
    })
    expect(outcome).toMatchObject({ kind: 'undone', details: { failedStep: 'upload' } })
    expect(outcome.kind === 'undone' && outcome.message).toContain('needs a Pod Identity association')
    // Without an account there is nobody to delete as: that is said, and nothing else is left.
    expect(violations).toEqual([expect.stringContaining('deleteUpload was not undone')])
  },
  CASE_MILLISECONDS,
)

async function strike(name: string, how: Parameters<typeof strikePipeline>[2]): Promise<Struck> {
  const struck = await strikePipeline(world, () => name, how)
  cases.push(struck.case)
  return struck
}

/** Has the pods of the next pipelines speak to AWS by this way. @returns the settings as they were */
async function sendPodsBy({ address }: ToxicWay): Promise<object> {
  const { endpoint } = world.lab.aws
  const [namespace, name, ...configMap] = SETTINGS
  const { apiVersion, kind, data } = JSON.parse(
    await kubectl(world.lab, namespace, name, 'get', ...configMap, '--output', 'json'),
  )
  const metadata = { name: 'holdfast-aws', namespace: 'holdfast' }
  const toxic = Object.entries<string>(data).map(([key, value]) => [key, value.replace(endpoint, `https://${address}`)])
  await applyObjects(world.lab, [{ apiVersion, kind, metadata, data: Object.fromEntries(toxic) }])
  return { apiVersion, kind, metadata, data }
}
