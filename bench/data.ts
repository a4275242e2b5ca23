// Measures the steps that move data against the usual pipes, on a database of sysbench's, in one pod of the lab. What is compared are
// ratios: the seconds are the machine's.
import { randomUUID } from 'node:crypto'
import { cpus } from 'node:os'
import { Client, Connection } from '@temporalio/client'
import Table from 'cli-table3'
import { Command } from 'commander'
import { renderProgress } from '../lab/render-progress.ts'
import { labUp } from '../lab/up.ts'
import { workerEnvironment } from '../lab/worker-environment.ts'
import { startWorker } from '../src/cli/worker-process.ts'
import { DEFAULT_TASK_QUEUE } from '../src/config.ts'
import type { BackupResult } from '../src/domain/backup-result.ts'
import { backupIdOf } from '../src/domain/names.ts'
import { loadJobManifest } from '../src/kubernetes/job-manifest.ts'
import { theLab } from '../test/support/lab.ts'
import { ToolsPod } from '../test/support/tools-pod.ts'
import { BESIDE_PODS, withS3Apart } from './apart.ts'
import { median } from './median.ts'

const NAMESPACE = 's3-test'
const SCHEMA = 'bench'
const TABLES = 4
/** What is measured, by the commands of their manifests. */
const STEPS = ['dump', 'upload', 'dump-and-upload', 'copy', 'restore', 'verify'] as const
const PIPE = 'mysqldump | gzip | rclone rcat'
const PIPE_BACK = 'rclone cat | gunzip | mysql'
const OVERLAPPED = 'dump and upload, overlapped'
/** What is measured where S3 has a processor of its own. */
const APART = ', S3 apart'

/** Each as the step `verify` says that it took, when nothing else is done. */
const FINGERPRINTS = ['fingerprint of the source', 'of what was restored'] as const
/** Between them. */
const DUMP_BESIDE = 'dump, beside fingerprints'
const READ_IN = /read in ([\d.]+) s/

const program = new Command('data')
  .description('Dump, upload, restore and verify against mysqldump | gzip | rclone and back.')
  .option('--rows <number>', 'rows in each of the four tables: 2500000 make 2 GB', Number, 2_500_000)
  .option('--threads <number>', 'connections, dumps and loads at a time: by default as many as of a request', Number, 4)
  .option(
    '--rounds <number>',
    'how often it dumps, uploads and takes fingerprints, of which the medians count',
    Number,
    5,
  )
  .action(measure)

interface Options {
  readonly rows: number
  readonly threads: number
  readonly rounds: number
}

async function measure(options: Options): Promise<void> {
  const view = renderProgress()
  await labUp({ cluster: 'lab', onProgress: view.onProgress }).finally(view.close)
  const lab = await theLab()
  const bucket = await makeMysqlAndBucket(workerEnvironment(lab), lab.temporal.address)
  // Of all steps it has the most memory.
  const pod = await ToolsPod.start(lab, NAMESPACE, `bench-${randomUUID().slice(0, 8)}`, 'dump-and-upload')
  try {
    report(await measureIn(pod, bucket, options))
  } finally {
    await pod.remove()
  }
}

/** By a small pipeline. @returns the bucket */
async function makeMysqlAndBucket(environment: Readonly<Record<string, string>>, address: string): Promise<string> {
  const worker = await startWorker(environment)
  const connection = await Connection.connect({ address })
  try {
    const request = { sampleData: { kind: 'sysbench', tables: 1, rowsPerTable: 1 } }
    const options = { taskQueue: DEFAULT_TASK_QUEUE, workflowId: `bench-${randomUUID()}`, args: [request] }
    const { bucket }: BackupResult = await new Client({ connection }).workflow.execute('BackupPipeline', options)
    return bucket
  } finally {
    await worker.stop()
    await connection.close()
  }
}

/** What each took, round by round. */
type Seconds = ReadonlyMap<string, readonly number[]>

async function measureIn(pod: ToolsPod, bucket: string, { rows, threads, rounds }: Options): Promise<Seconds> {
  const measurements = new Map<string, number[]>()
  function note(name: string, measured: number): void {
    measurements.set(name, [...(measurements.get(name) ?? []), measured])
    console.error(`${name}: ${measured.toFixed(1)} s`)
  }
  async function timed(name: string, command: readonly string[]): Promise<void> {
    const start = performance.now()
    await pod.run(command)
    note(name, (performance.now() - start) / 1000)
  }
  async function fingerprinted(name: string, command: readonly string[]): Promise<void> {
    note(name, Number(READ_IN.exec(await pod.run(command))?.[1]))
  }
  const backupId = backupIdOf(new Date(), randomUUID())
  const schemaMapping = { [SCHEMA]: `${SCHEMA}_restored` }
  const run = { workflowId: 'bench', runId: randomUUID() }
  const environment = {
    BACKUP_ID: backupId,
    BUCKET: bucket,
    SCHEMAS: JSON.stringify([SCHEMA]),
    SCHEMA_MAPPING: JSON.stringify(schemaMapping),
    THREADS: String(threads),
    BACKUP_DIRECTORY: '/tmp/backup',
    SCRATCH_DIRECTORY: '/tmp/scratch',
    ORIGIN: JSON.stringify({ pipeline: run, request: {}, steps: [] }),
    PIPELINE: JSON.stringify(run),
    // The role of pods may not make a bucket, which rclone would do to be sure of it.
    RCLONE_S3_NO_CHECK_BUCKET: 'true',
  }
  // Another backup: the first one has its record by then.
  const overlapped = { BACKUP_ID: backupIdOf(new Date(), randomUUID()), BACKUP_DIRECTORY: '/tmp/overlapped' }
  const inEnvironment = (changes: object, ...command: string[]) => [
    'env',
    ...Object.entries({ ...environment, ...changes }).map(([name, value]) => `${name}=${value}`),
    ...command,
  ]
  const commandOf = await readCommands()
  const step = (name: Step, changes = {}) => inEnvironment(changes, ...commandOf(name))
  const shell = (script: string) => inEnvironment({}, 'bash', '-eo', 'pipefail', '-c', `${LOGIN}${script}`)

  await timed(
    'load sysbench',
    shell(`${SYSBENCH} --tables=${TABLES} --table-size=${rows} --threads=${threads} prepare`),
  )
  await timed(
    PIPE,
    shell(
      `mysqldump $O --single-transaction --set-gtid-purged=OFF ${SCHEMA} | gzip | rclone rcat "S3:$BUCKET/bench/$BACKUP_ID.sql.gz"`,
    ),
  )
  async function dumpsAndUploads(where: string, beside: readonly string[]): Promise<void> {
    await pod.run(shell(`rm -rf /tmp/backup /tmp/overlapped; ${deleteUploads(overlapped.BACKUP_ID)}`))
    await timed(`dump${where}`, [...beside, ...step('dump')])
    await timed(`upload${where}`, [...beside, ...step('upload')])
    await timed(`${OVERLAPPED}${where}`, [...beside, ...step('dump-and-upload', overlapped)])
  }
  // In turns, so that what else the machine does is the same for each.
  for (let round = 1; round <= rounds; round++) {
    await withS3Apart(() => dumpsAndUploads(APART, BESIDE_PODS))
    await dumpsAndUploads('', [])
  }
  await timed('copy', step('copy'))
  await timed(
    PIPE_BACK,
    shell(
      `mysql $O -e 'DROP DATABASE IF EXISTS ${SCHEMA}_plain; CREATE DATABASE ${SCHEMA}_plain'; rclone cat "S3:$BUCKET/bench/$BACKUP_ID.sql.gz" | gunzip | mysql $O ${SCHEMA}_plain`,
    ),
  )
  await timed('restore', step('restore'))
  await timed('verify', step('verify'))
  for (let round = 1; round <= rounds; round++) {
    await pod.run(shell('rm -rf /tmp/overlapped'))
    await timed(DUMP_BESIDE, step('dump', overlapped))
    await fingerprinted(FINGERPRINTS[0], step('verify', { SCHEMA_MAPPING: JSON.stringify({ [SCHEMA]: SCHEMA }) }))
    await fingerprinted(FINGERPRINTS[1], step('verify'))
  }
  await pod.run(
    shell(
      `mysql $O -e 'DROP DATABASE ${SCHEMA}_plain; DROP DATABASE ${SCHEMA}; DROP DATABASE ${SCHEMA}_restored'; for p in backup2 catalog; do rclone delete "S3:$BUCKET/$p/$BACKUP_ID"; done; ${deleteUploads(overlapped.BACKUP_ID)}; rclone deletefile "S3:$BUCKET/bench/$BACKUP_ID.sql.gz"`,
    ),
  )
  return measurements
}

type Step = (typeof STEPS)[number]

/** How the pods of Jobs run the steps. @returns the command of a step */
async function readCommands(): Promise<(step: Step) => readonly string[]> {
  const manifests = await Promise.all(STEPS.map(async (step) => [step, await loadJobManifest(step)] as const))
  const commands = new Map(manifests.map(([step, { spec }]) => [step, spec?.template.spec?.containers[0]?.command]))
  return (step) => {
    const command = commands.get(step)
    if (!command) throw new Error(`The manifest ${step} has no command.`)
    return command
  }
}

/** What the shell runs to delete what was uploaded, if anything was (rclone's exit code 3 says no), of the backup, and of the one that was uploaded while it was dumped. */
function deleteUploads(overlappedId: string): string {
  return `for id in "$BACKUP_ID" ${overlappedId}; do rclone delete "S3:$BUCKET/backup1/$id/" || test $? = 3; done`
}

/** How the clients of MySQL log in: by a file that only the pod has. */
const LOGIN =
  'O=--defaults-file=/tmp/my.cnf; printf "[client]\\nhost=%s\\nuser=%s\\npassword=%s\\n" "$MYSQL_HOST" "$MYSQL_USER" "$(cat /run/secrets/mysql/password)" > /tmp/my.cnf; '
const SYSBENCH = `mysql $O -e 'DROP DATABASE IF EXISTS ${SCHEMA}; CREATE DATABASE ${SCHEMA}'; sysbench oltp_read_write --db-driver=mysql --mysql-host="$MYSQL_HOST" --mysql-user="$MYSQL_USER" --mysql-password="$(cat /run/secrets/mysql/password)" --mysql-db=${SCHEMA}`

function report(seconds: Seconds): void {
  /** Of several together, what they took in each round, or in the one that there was. */
  const of = (...names: string[]) => {
    const measured = names.map((name) => seconds.get(name) ?? [])
    const rounds = Math.max(...measured.map(({ length }) => length))
    return Array.from({ length: rounds }, (_, round) => measured.reduce((sum, all) => sum + inRound(all, round), 0))
  }
  const table = new Table({ head: ['', 'seconds', 'against', 'seconds', 'ratio'], style: { head: [], border: [] } })
  const row = (ours: readonly string[], theirs: string) => {
    const [one, other] = [of(...ours), of(theirs)]
    const rounds = Math.max(one.length, other.length)
    const ratio = median(Array.from({ length: rounds }, (_, round) => inRound(one, round) / inRound(other, round)))
    table.push([ours.join(' + '), median(one).toFixed(1), theirs, median(other).toFixed(1), ratio.toFixed(2)])
  }
  row(['dump', 'upload'], PIPE)
  row([OVERLAPPED], PIPE)
  for (const where of ['', APART]) {
    const [dump, upload] = [`dump${where}`, `upload${where}`]
    row([`${OVERLAPPED}${where}`], median(of(dump)) > median(of(upload)) ? dump : upload)
  }
  row(['restore'], PIPE_BACK)
  row(['verify'], 'dump')
  row([...FINGERPRINTS], DUMP_BESIDE)
  console.log(table.toString())
  console.log('Medians, of ratios too: each is of what was measured in the same round.')
  console.log(`${cpus().length} × ${cpus()[0]?.model}`)
}

/** What was measured in a round; where it was measured only once, that. */
function inRound(measured: readonly number[], round: number): number {
  return measured[measured.length === 1 ? 0 : round] ?? Number.NaN
}

await program.parseAsync()
