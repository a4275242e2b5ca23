// Measures how long `holdfast backups list` takes over many records, and how much memory, in the lab's S3.
import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { CreateBucketCommand, DeleteBucketCommand } from '@aws-sdk/client-s3'
import { Command } from 'commander'
import { execa } from 'execa'
import pLimit from 'p-limit'
import { administratorEnvironment } from '../lab/administrator-environment.ts'
import { renderProgress } from '../lab/render-progress.ts'
import { labUp } from '../lab/up.ts'
import { proofKey, recordKey } from '../src/catalog/catalog-keys.ts'
import { connectS3, S3Store } from '../src/catalog/s3-store.ts'
import { backupIdOf } from '../src/domain/names.ts'

const WRITTEN_AT_A_TIME = 32
const LOOK_MILLISECONDS = 5
const MINUTE_MILLISECONDS = 60_000
const KIBIBYTE = 1024

const program = new Command('catalog')
  .description('`holdfast backups list` over many records, each with a proof.')
  .option('--records <number>', 'how many', Number, 10_000)
  .action(measure)

async function measure({ records }: { records: number }): Promise<void> {
  const view = renderProgress()
  const lab = await labUp({ cluster: 'lab', onProgress: view.onProgress }).finally(view.close)
  const bucket = `bench-${randomUUID()}`
  const environment = { ...process.env, ...(await administratorEnvironment(lab)), HOLDFAST_BUCKET: bucket }
  Object.assign(process.env, environment)
  const s3 = await connectS3(environment, true)
  const store = new S3Store(s3, bucket)
  const keys = keysOf(records)
  await s3.send(
    new CreateBucketCommand({ Bucket: bucket, CreateBucketConfiguration: { LocationConstraint: 'eu-central-1' } }),
  )
  try {
    const limit = pLimit(WRITTEN_AT_A_TIME)
    await Promise.all(keys.map((key) => limit(() => store.create(key, '{}'))))
    console.log(await measureList(environment))
  } finally {
    await store.delete(keys)
    await s3.send(new DeleteBucketCommand({ Bucket: bucket }))
    s3.destroy()
  }
}

function keysOf(records: number): string[] {
  return Array.from({ length: records }, (_, index) => {
    const at = new Date(Date.UTC(2025, 0, 1) + index * MINUTE_MILLISECONDS)
    const id = backupIdOf(at, randomUUID())
    return [recordKey(id), proofKey(id, at, randomUUID(), 'equal')]
  }).flat()
}

async function measureList(env: NodeJS.ProcessEnv): Promise<string> {
  const start = performance.now()
  const list = execa(process.execPath, ['src/cli/main.ts', 'backups', 'list', '--output', 'json'], { env })
  let most = 0
  const looking = setInterval(() => {
    readFile(`/proc/${list.pid}/status`, 'utf8').then(
      (status) => {
        most = Math.max(most, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) * KIBIBYTE)
      },
      () => undefined,
    )
  }, LOOK_MILLISECONDS)
  const { stdout } = await list.finally(() => clearInterval(looking))
  const seconds = (performance.now() - start) / 1000
  const listed: unknown[] = JSON.parse(stdout)
  return `${listed.length} backups listed in ${seconds.toFixed(2)} s, ${(most / 1e6).toFixed(0)} MB resident at most`
}

await program.parseAsync()
