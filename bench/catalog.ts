// Measures how long `holdfast backups list` takes over many backups, and how much memory, with an S3 stand-in of its own.
import { randomUUID } from 'node:crypto'
import { CreateBucketCommand } from '@aws-sdk/client-s3'
import Table from 'cli-table3'
import { Command } from 'commander'
import pLimit from 'p-limit'
import { proofKey, recordKey } from '../src/catalog/catalog-keys.ts'
import { S3Store } from '../src/catalog/s3-store.ts'
import { CLI_COMPILE_CACHE, CLI_NODE_FLAGS } from '../src/cli/process-settings.ts'
import { backupIdOf } from '../src/domain/names.ts'
import { type StandIn, startStandIn } from '../test/lab/aws/support/stand-in.ts'
import { environmentOf, measuredRun, type Run } from './measured-command.ts'
import { wholeNumberFrom } from './whole-number.ts'

const BUCKET = 'bench'
const WRITTEN_AT_A_TIME = 4
const MINUTE_MILLISECONDS = 60_000

const CLI = [...CLI_NODE_FLAGS, 'src/cli/main.ts']
const LOAD = "await import('./src/cli/program.ts'); await import('./src/cli/backups/list.ts')"

/** What is measured, and below it what nothing that runs in Node, or has loaded the same programs, can go. */
const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  'backups list --output json': [...CLI, 'backups', 'list', '--output', 'json'],
  'backups list': [...CLI, 'backups', 'list'],
  'backups prune --daily 14': [...CLI, 'backups', 'prune', '--daily', '14'],
  'floor: what `backups list` loads': [...CLI_NODE_FLAGS, '--input-type=module', '--eval', LOAD],
  'floor: Node itself': [...CLI_NODE_FLAGS, '--eval', '0'],
}

const program = new Command('catalog')
  .description('`holdfast backups list` over many backups, each a record and a proof.')
  .option('--backups <number>', 'how many', wholeNumberFrom(1), 10_000)
  .option('--rounds <number>', 'how many times each command runs', wholeNumberFrom(1), 5)
  .action(measure)

interface Options {
  readonly backups: number
  readonly rounds: number
}

async function measure({ backups, rounds }: Options): Promise<void> {
  const aws = await startStandIn()
  try {
    const s3 = aws.s3(aws.admin)
    await s3.send(
      new CreateBucketCommand({ Bucket: BUCKET, CreateBucketConfiguration: { LocationConstraint: 'eu-central-1' } }),
    )
    const store = new S3Store(s3, BUCKET)
    const limit = pLimit(WRITTEN_AT_A_TIME)
    await Promise.all(keysOf(backups).map((key) => limit(() => store.create(key, '{}'))))
    s3.destroy()
    const head = ['command', 'seconds, median', 'seconds, most', 'MB resident, most']
    const table = new Table({ head, style: { head: [], border: [] } })
    for (const [name, args] of Object.entries(COMMANDS)) table.push([name, ...(await figures(args, aws, rounds))])
    console.log(`${backups} backups, a record and a proof each; ${rounds} rounds`)
    console.log(table.toString())
  } finally {
    await aws.stop()
  }
}

function keysOf(backups: number): string[] {
  return Array.from({ length: backups }, (_, index) => {
    const at = new Date(Date.UTC(2025, 0, 1) + index * MINUTE_MILLISECONDS)
    const id = backupIdOf(at, randomUUID())
    return [recordKey(id), proofKey(id, at, randomUUID(), 'equal')]
  }).flat()
}

async function figures(args: readonly string[], aws: StandIn, rounds: number): Promise<string[]> {
  const runs: Run[] = []
  const environment = { NODE_COMPILE_CACHE: CLI_COMPILE_CACHE, ...environmentOf(aws, BUCKET) }
  for (let round = 0; round < rounds; round++) runs.push(await measuredRun(args, environment))
  const seconds = runs.map((each) => each.seconds).sort((one, other) => one - other)
  const bytes = Math.max(...runs.map((each) => each.bytes))
  const median = seconds[Math.floor(seconds.length / 2)] ?? Number.NaN
  return [median.toFixed(2), (seconds.at(-1) ?? Number.NaN).toFixed(2), (bytes / 1e6).toFixed(0)]
}

await program.parseAsync()
