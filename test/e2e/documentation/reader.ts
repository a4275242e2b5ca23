import { mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client, Connection, ScheduleNotFoundError } from '@temporalio/client'
import { execa } from 'execa'
import { ensureDebianPackages } from '../../../lab/debian-packages.ts'
import { workerEnvironment } from '../../../lab/worker-environment.ts'
import type { BackupResult } from '../../../src/domain/backup-result.ts'
import { repository } from '../../docs/support/documentation.ts'
import { clearNamespace } from '../../support/clear-namespace.ts'
import { kubectl, mysql, theLab, type WholeLab } from '../../support/lab.ts'
import { killSpawnedWorkers, spawnWorker } from '../../worker/support/spawned-worker.ts'
import { Nightly } from './nightly.ts'

const NAMESPACE = 's3-test'
/** What schedules of the pages are for as well, which nobody waits for: no pipeline runs there. */
const SCHEDULED_NAMESPACE = 'shop'
/** Of a block. */
const MOST_MILLISECONDS = 600_000

/** What readers have of their own: the files that pages name. */
const FILES: Readonly<Record<string, string>> = {
  'books.sql': `CREATE TABLE orders (id INT PRIMARY KEY, item VARCHAR(20));
INSERT INTO orders VALUES (1, 'tea'), (2, 'a cup');
`,
  'nightly.yaml': 'sampleData: {kind: none}\nschemas: [shop, archive]\n',
  'notify.yaml': `targets:
  - {name: team, format: slack, url: "https://127.0.0.1:2/", on: [failed]}
`,
  'temporal.env': 'TEMPORAL_ADDRESS=temporal.example.com:7233\n',
}

const SYSTEM_SCHEMAS = ['information_schema', 'mysql', 'performance_schema', 'sys']

/** The databases that pages speak of, and what is in them. */
const SCHEMAS: Readonly<Record<string, string>> = {
  shop: "CREATE TABLE shop.orders AS SELECT 1 AS id, 'tea' AS item",
  archive: 'CREATE TABLE archive.orders AS SELECT 1 AS id',
  'shop archive': 'CREATE TABLE `shop archive`.orders AS SELECT 1 AS id',
}

const BACKUP_ID = /<backup id>|20\d{6}T\d{6}Z-[0-9a-f]{8}/g
const JOB = /hf-([a-z-]+)-[0-9a-f]{10}-\d+/g
/** What pages name that is another each time. */
const NAMES = new RegExp(`${BACKUP_ID.source}|${JOB.source}`)
const CREATED_SCHEDULE = /schedule create \w+ ([\w-]+)/g

/** Somebody who has read the documentation, with a lab, a worker, and a folder like a clone. */
export class Reader {
  readonly nightly: Nightly
  readonly #lab: WholeLab
  readonly #folder: string
  readonly #connection: Connection
  readonly #client: Client
  readonly #environment: Readonly<Record<string, string>>
  /** Made by what was typed. */
  readonly #schedules = new Set<string>()
  /** How `nightly` last ended well. */
  #backup: BackupResult | undefined

  private constructor(
    lab: WholeLab,
    folder: string,
    connection: Connection,
    environment: Readonly<Record<string, string>>,
  ) {
    this.#lab = lab
    this.#folder = folder
    this.#connection = connection
    this.#client = new Client({ connection })
    this.#environment = environment
    this.nightly = new Nightly(this.#client)
  }

  static async open(): Promise<Reader> {
    const lab = await theLab()
    await ensureDebianPackages(['age'])
    await clearNamespaces(lab)
    const folder = await mkdtemp(join(tmpdir(), 'holdfast-reader-'))
    // Not the clone itself: what commands write there would stay.
    const entries = (await readdir(repository)).filter((name) => !name.startsWith('.'))
    await Promise.all(entries.map((name) => symlink(join(repository, name), join(folder, name))))
    await Promise.all(Object.entries(FILES).map(([name, text]) => writeFile(join(folder, name), text)))
    const connection = await Connection.connect({ address: lab.temporal.address })
    const reader = new Reader(lab, folder, connection, await readersEnvironment(folder))
    await spawnWorker(workerEnvironment(lab)).line('Worker ready')
    return reader
  }

  async close(): Promise<void> {
    await killSpawnedWorkers()
    await this.#removeSchedules(this.#schedules)
    await this.#connection.close()
    await clearNamespaces(this.#lab)
    await this.#removeSecrets()
    await rm(this.#folder, { recursive: true })
  }

  /**
   * Types this into a shell.
   *
   * @returns what it said where it failed, or undefined
   */
  async type(text: string): Promise<string | undefined> {
    // What is put into the background ends with its block.
    const script = `trap 'kill $(jobs -p) 2>/dev/null || true' EXIT\n${this.#fill(text)}`
    const { exitCode, all } = await execa('bash', ['--norc', '-euo', 'pipefail', '-c', script], {
      cwd: this.#folder,
      env: { ...this.#environment },
      stdin: 'ignore',
      timeout: MOST_MILLISECONDS,
      reject: false,
      all: true,
    })
    return exitCode === 0 ? undefined : `exit code ${exitCode}\n${all}`
  }

  /** Has what each page begins with: a MySQL with its schemas and no others, neither schedules nor Secrets. */
  async prepare(): Promise<void> {
    await this.#removeSchedules(this.#schedules)
    await this.#removeSecrets()
    const deployment = ['--namespace', NAMESPACE, 'get', 'deployment', 'mysql', '--ignore-not-found', '--output=name']
    if ((await kubectl(this.#lab, ...deployment)) === '') {
      await this.nightly.run({ sampleData: { kind: 'sysbench', tables: 1, rowsPerTable: 100 } })
      // Its Jobs have gone with the namespace.
      this.#backup = undefined
    }
    const present = await mysql(this.#lab, NAMESPACE, 'SHOW DATABASES')
    const needless = present.filter((name) => !SYSTEM_SCHEMAS.includes(name) && !Object.hasOwn(SCHEMAS, name))
    const missing = Object.entries(SCHEMAS).filter(([name]) => !present.includes(name))
    const statements = [
      ...needless.map((name) => `DROP DATABASE \`${name}\``),
      ...missing.flatMap(([name, table]) => [`CREATE DATABASE \`${name}\``, table]),
    ]
    if (statements.length > 0) await mysql(this.#lab, NAMESPACE, statements.join('; '))
  }

  /**
   * Has what a block needs: no schedule yet of the name of one that it makes, and the backup of `nightly`, proven, whose names stand in
   * place of its own.
   */
  async provide(text: string): Promise<void> {
    const schedules = [...text.matchAll(CREATED_SCHEDULE)].map(([, scheduleId = '']) => scheduleId)
    for (const scheduleId of schedules) this.#schedules.add(scheduleId)
    await this.#removeSchedules(schedules)
    if (!NAMES.test(text)) return
    // An earlier block may have deleted it.
    if (this.#backup && (await this.type(`holdfast backups show ${this.#backup.backupId}`)) === undefined) return
    this.#backup = await this.nightly.run({ sampleData: { kind: 'none' }, schemas: ['shop'] })
  }

  /** With the names that each reader has others of. */
  #fill(text: string): string {
    const { backupId = '', steps = [] } = this.#backup ?? {}
    return text.replaceAll(BACKUP_ID, backupId).replaceAll(JOB, (shown, purpose: string) => {
      return steps.find(({ jobName }) => jobName.startsWith(`hf-${purpose}-`))?.jobName ?? shown
    })
  }

  async #removeSchedules(schedules: Iterable<string>): Promise<void> {
    for (const scheduleId of schedules) {
      await this.#client.schedule
        .getHandle(scheduleId)
        .delete()
        .catch((error: unknown) => {
          if (!(error instanceof ScheduleNotFoundError)) throw error
        })
    }
  }

  async #removeSecrets(): Promise<void> {
    const ofWorker = ['holdfast-notify', 'holdfast-temporal']
    await kubectl(this.#lab, '--namespace', 'holdfast', 'delete', 'secret', ...ofWorker, '--ignore-not-found')
    const ofPipelines = ['--namespace', NAMESPACE, 'delete', 'secret', 'holdfast-age', '--ignore-not-found']
    await kubectl(this.#lab, ...ofPipelines)
  }
}

/** Else a proof would be expected of their databases for ever. */
async function clearNamespaces(lab: WholeLab): Promise<void> {
  for (const namespace of [NAMESPACE, SCHEDULED_NAMESPACE]) await clearNamespace(lab, namespace)
}

/** What a shell has in which was typed what the pages say of the lab. */
async function readersEnvironment(folder: string): Promise<Record<string, string>> {
  const script = 'eval "$(npm run -s lab -- env --administrator)" && env --null'
  const { stdout } = await execa('bash', ['--norc', '-euo', 'pipefail', '-c', script], { cwd: folder })
  const variables = stdout
    .split('\0')
    .filter((line) => line.includes('='))
    .map((line): [string, string] => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)])
  const { PATH = '', ...others } = Object.fromEntries(variables)
  return { ...others, PATH: `${join(folder, 'bin')}:${PATH}`, HOLDFAST_CLUSTER: 'lab' }
}
