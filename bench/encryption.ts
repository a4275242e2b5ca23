// What age costs beside zstd: compresses rows like sysbench's as a dump does, with and without encryption, in turns.
import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { finished, pipeline } from 'node:stream/promises'
import { startEncrypting } from '../images/tools/encryption/age.ts'
import { Children, handOver } from '../images/tools/job/children.ts'
import { distributionOf } from './orchestration/distribution.ts'

const ROWS = 1_000_000
const ROUNDS = 5
/** Of /proc: `getconf CLK_TCK` is 100 wherever Linux runs Node. */
const TICKS_A_SECOND = 100

interface Measured {
  readonly seconds: number
  /** Of all cores, by the programs alone. */
  readonly processorSeconds: number
}

const children = new Children()
const folder = await mkdtemp(join(tmpdir(), 'holdfast-bench-'))
try {
  const [rows, recipients] = [join(folder, 'rows.sql'), join(folder, 'recipients')]
  await pipeline(Readable.from(statements()), createWriteStream(rows))
  await writeRecipients(recipients)
  const bytes = (await stat(rows)).size
  const rounds: { compressed: Measured; encrypted: Measured }[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    const compressed = await measured(() => compress(rows))
    const encrypted = await measured(() => compress(rows, recipients))
    rounds.push({ compressed, encrypted })
  }
  print(
    'zstd -1',
    bytes,
    rounds.map(({ compressed }) => compressed),
  )
  print(
    'zstd -1 | age',
    bytes,
    rounds.map(({ encrypted }) => encrypted),
  )
  const ratios = rounds.map(({ compressed, encrypted }) => encrypted.processorSeconds / compressed.processorSeconds)
  console.log(
    `processor time, the second ÷ the first: ${distributionOf(ratios).median.toFixed(2)} (median of ${ROUNDS} rounds in turns)`,
  )
} finally {
  await rm(folder, { recursive: true })
}

/** As mysqldump writes sysbench's rows: numbers in groups of 11 digits, which compress to about half. */
function* statements(): Generator<string> {
  for (let id = 1; id <= ROWS; id += 500) {
    const values = Array.from({ length: 500 }, (_, index) => row(id + index))
    yield `INSERT INTO \`sbtest1\` VALUES ${values.join(',')};\n`
  }
}

function row(id: number): string {
  const digits = BigInt(`0x${createHash('sha512').update(`${id}`).digest('hex')}`)
    .toString()
    .padStart(155, '0')
  const groups = `${digits}${digits.slice(0, 10)}`.match(/.{11}/g) ?? []
  return `(${id},${id % 499_979},'${groups.slice(0, 10).join('-')}','${groups.slice(10).join('-')}')`
}

async function writeRecipients(file: string): Promise<void> {
  const identity = `${file}.identity`
  await children.start('age-keygen', ['-o', identity]).ended
  const key = /^# public key: (.*)$/m.exec(await readFile(identity, 'utf8'))?.[1] ?? ''
  await writeFile(file, key)
}

async function compress(file: string, recipientsFile?: string): Promise<void> {
  const age = recipientsFile === undefined ? undefined : startEncrypting(children, recipientsFile, 'pipe')
  const zstd = children.start('zstd', ['-1', '-q', '-c', file], { stdout: age?.stdin ?? 'pipe' })
  if (age) handOver(age.stdin)
  const output = age ? age.stdout : zstd.stdout
  output?.resume()
  await Promise.all([zstd.ended, age?.ended, output && finished(output)])
}

async function measured(work: () => Promise<void>): Promise<Measured> {
  const [startedAt, before] = [performance.now(), await childrensSeconds()]
  await work()
  return { seconds: (performance.now() - startedAt) / 1000, processorSeconds: (await childrensSeconds()) - before }
}

/** Of programs that have ended (proc(5): cutime and cstime). */
async function childrensSeconds(): Promise<number> {
  const fields = (await readFile('/proc/self/stat', 'utf8')).replace(/^.*\) /, '').split(' ')
  return (Number(fields[13]) + Number(fields[14])) / TICKS_A_SECOND
}

function print(what: string, bytes: number, all: readonly Measured[]): void {
  const [seconds, processorSeconds] = [
    distributionOf(all.map((each) => each.seconds)).median,
    distributionOf(all.map((each) => each.processorSeconds)).median,
  ]
  const rate = (bytes / seconds / 1e6).toFixed(0)
  console.log(
    `${what}: ${seconds.toFixed(2)} s (${rate} MB/s of rows), ${processorSeconds.toFixed(2)} s of a processor`,
  )
}
