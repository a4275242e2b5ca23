import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Accounts } from '../../../src/domain/backup-request.ts'
import type { EngineName } from '../../../src/domain/engines.ts'
import { accountStatements } from '../accounts/accounts-sql.ts'
import { readAccounts } from '../accounts/read-accounts.ts'
import type { Fingerprint } from '../fingerprint/fingerprint.ts'
import { fingerprintOf, fingerprintTables, type TakenTable } from '../fingerprint/take-fingerprint.ts'
import type { Progress } from '../job/progress-reporter.ts'
import type { StepContext } from '../job/run-step.ts'
import { hasCode, StepError } from '../job/step-error.ts'
import { type Connection, connect, quoteName, withConnection } from '../mysql/connection.ts'
import { optionFileText, withSecretFile } from '../mysql/option-file.ts'
import { inParallel } from '../mysql/parallel.ts'
import type { MysqlAccount } from '../mysql/settings.ts'
import { SHELL_SCRIPT } from '../mysqlsh/run-shell.ts'
import type { ShellPosition } from '../mysqlsh/shell-files.ts'
import { assertSeesAll } from '../privileges/assert-privileges.ts'
import { renderScript } from '../schema/object-script.ts'
import { mentionsSchema } from '../schema/schema-mentions.ts'
import { assertRoomForDump } from './assert-room-for-dump.ts'
import { type DumpManifest, MANIFEST_FILE } from './dump-manifest.ts'
import { type DumpPlace, DumpWriter } from './dump-writer.ts'
import { LEAST_BYTES } from './group-rows.ts'
import { lockTables } from './locked-tables.ts'
import { type DefinitionsPlan, planDefinitions } from './plan-definitions.ts'
import { assertStillPlanned, bytesOfRows, planRows, type RowFiles, type RowsPlan } from './plan-rows.ts'
import { readServerFacts, type ServerFacts } from './server-facts.ts'
import { bytesByShell, dumpByShell, tablesForShell } from './shell-dump.ts'
import { assertSameMoment, openShellSnapshot } from './shell-snapshot.ts'
import { IDLE_SECONDS, openSnapshot, type Snapshot } from './snapshot.ts'

const FILES_PER_THREAD = 2

/** What to dump, and where to. */
export interface DumpRequest extends DumpPlace {
  readonly account: MysqlAccount
  readonly backupId: string
  readonly schemas: readonly string[]
  /** Dump processes at a time; as many connections take the fingerprint. */
  readonly threads: number
  readonly lockSeconds: number
  /** What dumps the rows. By default mysqldump. */
  readonly engine?: EngineName
  /** The script that MySQL Shell runs. By default that of the image. */
  readonly shellScript?: string
  /** Whether the accounts of the server are dumped, with what their passwords are checked by. By default they are left. */
  readonly accounts?: Accounts
  /** Of the rows in a range of a table, as MySQL has them. By default 32 MiB. */
  readonly leastRangeBytes?: number
  /** Into how many files the rows are divided for each thread, as far as MySQL's connections allow. By default 2. */
  readonly filesPerThread?: number
  /** What is reported when so many bytes are written. By default these bytes. */
  readonly progressOf?: (writtenBytes: number) => Progress | Promise<Progress>
}

/**
 * Dumps schemas into a folder, all in one snapshot, and writes beside them what a restore must equal. The manifest comes
 * last: a folder without it is no dump.
 *
 * @throws {StepError} `PrivilegesMissing`, if MySQL would hide something of them, and others
 */
export async function takeDump(request: DumpRequest, context: StepContext): Promise<DumpManifest> {
  if (request.engine === 'mysqlsh' && request.recipientsFile !== undefined) throw cannotEncrypt()
  await withConnection(request.account, (connection) => assertSeesAll(connection, request.schemas))
  await rm(request.folder, { recursive: true, force: true })
  await mkdir(request.folder, { recursive: true })
  const connections: Connection[] = []
  async function open(): Promise<Connection> {
    const connection = await connect(request.account)
    connection.on('error', () => {})
    // Some wait for others that take long.
    await connection.query('SET SESSION wait_timeout = ?', [IDLE_SECONDS])
    connections.push(connection)
    return connection
  }
  try {
    return await withSecretFile(optionFileText(request.account), async (optionFile) => {
      const readers = await openAll(request.threads, open)
      const writer = new DumpWriter(request, context.children, optionFile)
      const taken = await new Dump(request, context, writer, readers, open).take()
      const manifest = await describeDump(request, taken, writer, context)
      await writeFile(join(request.folder, MANIFEST_FILE), JSON.stringify(manifest, null, 1), { flush: true })
      return manifest
    })
  } finally {
    for (const connection of connections) connection.destroy()
  }
}

function cannotEncrypt(): StepError {
  return new StepError({
    type: 'EngineCannotEncrypt',
    message: 'MySQL Shell writes files that are not encrypted, and this dump is to be. Nothing was dumped.',
    remedy: 'Dump by the engine "mysqldump".',
    retryable: false,
  })
}

async function openAll(count: number, open: () => Promise<Connection>): Promise<[Connection, ...Connection[]]> {
  const connections: [Connection, ...Connection[]] = [await open()]
  while (connections.length < count) connections.push(await open())
  return connections
}

/** What there is to tell of a dump. */
interface TakenDump {
  readonly snapshot: Snapshot
  readonly locked: RowFiles
  readonly tablesLockedMilliseconds: number
  readonly fingerprint: Fingerprint
  readonly server: ServerFacts
}

/** A dump while it is taken. */
class Dump {
  readonly #request: DumpRequest
  readonly #context: StepContext
  readonly #writer: DumpWriter
  /** Of this program, all in the snapshot. */
  readonly #readers: readonly Connection[]
  readonly #first: Connection
  readonly #open: () => Promise<Connection>
  /** Where MySQL Shell says that it is, once it is done. */
  #shellPosition: ShellPosition | undefined

  constructor(
    request: DumpRequest,
    context: StepContext,
    writer: DumpWriter,
    readers: readonly [Connection, ...Connection[]],
    open: () => Promise<Connection>,
  ) {
    this.#request = request
    this.#context = context
    this.#writer = writer
    this.#readers = readers
    this.#first = readers[0]
    this.#open = open
  }

  async take(): Promise<TakenDump> {
    const { schemas, folder, threads, leastRangeBytes = LEAST_BYTES, filesPerThread = FILES_PER_THREAD } = this.#request
    const rows = await planRows(this.#first, schemas, { threads, filesPerThread, leastRangeBytes })
    await assertRoomForDump(folder, bytesOfRows(rows))
    const { snapshot, unlock } = await this.#openSnapshot(rows)
    const { dumps, lockedMilliseconds } = snapshot
    const parties = this.#request.engine === 'mysqlsh' ? 'MySQL Shell' : `${rows.snapshot.dumps.length} dumps`
    this.#context.log(`One snapshot for ${parties}; writes stood still for ${lockedMilliseconds.toFixed(1)} ms.`)
    // First what others wait for.
    const [lockedTables] = await this.#during(this.#read(rows.locked), this.#dumpLocked(rows, dumps))
    const tablesLockedMilliseconds = await unlock()
    this.#sayWhatWasLocked(rows.locked, tablesLockedMilliseconds)

    const definitions = await planDefinitions(this.#first, rows)
    this.#sayWhatIsLeftOut(definitions)
    const [snapshotTables] = await this.#during(
      this.#read(rows.snapshot),
      Promise.all([dumps, this.#writer.writeInTurn(definitions.files, threads)]),
    )
    if (this.#shellPosition) assertSameMoment(this.#shellPosition, snapshot)
    const fingerprint = fingerprintOf(definitions.schemas, [...lockedTables, ...snapshotTables])
    this.#sayWhatIsBound(fingerprint)
    if (this.#request.accounts === 'include') await this.#writeAccounts()
    await this.#writer.writeFingerprint(JSON.stringify(fingerprint))
    const server = await readServerFacts(this.#first)
    return { snapshot, locked: rows.locked, tablesLockedMilliseconds, fingerprint, server }
  }

  /** @returns the snapshot, and what lets others write again to tables whose engine has none */
  async #openSnapshot(rows: RowsPlan): Promise<{ snapshot: Snapshot; unlock: () => Promise<number> }> {
    const { lockSeconds, threads, engine } = this.#request
    const [keeper, tableKeeper] = [await this.#open(), await this.#open()]
    let unlock = async (): Promise<number> => 0
    const parties = {
      keeper,
      readers: this.#readers,
      underLock: async () => {
        await keepDefinitions(this.#first, this.#context)
        await assertStillPlanned(this.#first, rows)
        if (rows.locked.tables.length === 0) return
        unlock = (await lockTables(tableKeeper, rows.locked.tables, lockSeconds)).unlock
      },
      lockSeconds,
    }
    if (engine === 'mysqlsh' && tablesForShell(rows).tables.length > 0) {
      const startShell = (statement: string) => this.#dumpByShell(rows, statement)
      return { snapshot: await openShellSnapshot({ ...parties, startShell }), unlock }
    }
    const dumps = rows.snapshot.dumps.map((file) => (statements: string[]) => this.#writer.writeDump(file, statements))
    return { snapshot: await openSnapshot({ ...parties, dumps, threads }), unlock }
  }

  async #dumpByShell(rows: RowsPlan, statement: string): Promise<void> {
    const { account, folder, threads, shellScript: script = SHELL_SCRIPT } = this.#request
    const order = { account, folder, threads, script, ...tablesForShell(rows) }
    const { files, position } = await dumpByShell(order, statement, this.#context)
    this.#shellPosition = position
    for (const file of files) this.#writer.add(file)
  }

  /** What has to be dumped before others may write again to tables whose engine has no snapshots. */
  async #dumpLocked({ locked }: RowsPlan, dumps: Promise<void>): Promise<void> {
    if (this.#request.engine !== 'mysqlsh') return await this.#writer.writeInTurn(locked.dumps, this.#request.threads)
    // MySQL Shell does not say when it is done with one table.
    if (locked.tables.length > 0) await dumps
  }

  /** What connections of this program read of some tables. */
  async #read({ exactFiles, tables }: RowFiles): Promise<TakenTable[]> {
    await inParallel(this.#readers, exactFiles, (reader, file) => this.#writer.writeExactly(file, reader))
    return await fingerprintTables(this.#readers, tables)
  }

  async #writeAccounts(): Promise<void> {
    const accounts = await readAccounts(this.#first)
    await this.#writer.writeAccounts(renderScript(accountStatements(accounts)))
    this.#context.log(`Dumped ${accounts.length} accounts and roles, with the hashes of their passwords.`)
  }

  async #during<Result>(work: Promise<Result>, other: Promise<unknown>): Promise<[Result, unknown]> {
    const { progressOf = (bytes) => ({ bytes }), folder } = this.#request
    const measure = async () => await progressOf(this.#writer.bytes + (await bytesByShell(folder)))
    return await this.#context.progress.during(Promise.all([work, other]), measure)
  }

  #sayWhatWasLocked({ tables }: RowFiles, milliseconds: number): void {
    if (tables.length === 0) return
    const names = tables.map(({ schema, name, engine }) => `${quoteName(schema)}.${quoteName(name)} (${engine})`)
    const still = `stood still for ${milliseconds.toFixed(1)} ms`
    this.#context.log(`Not transactional: writes to ${names.join(', ')} ${still}.`)
  }

  #sayWhatIsBound({ schemas }: Fingerprint): void {
    for (const [schema, { objects }] of Object.entries(schemas)) {
      for (const { kind, name } of objects.filter(({ definition }) => mentionsSchema(definition, schema))) {
        const object = `${quoteName(schema)}.${quoteName(name)}`
        const why = `names its own schema: restored under another name, it would still reach for ${quoteName(schema)}`
        this.#context.log(`The ${kind} ${object} ${why}, and is not let in there.`)
      }
    }
  }

  #sayWhatIsLeftOut({ schemas }: DefinitionsPlan): void {
    for (const [schema, { brokenViews }] of schemas) {
      for (const view of brokenViews) {
        const name = `${quoteName(schema)}.${quoteName(view)}`
        this.#context.log(`Left out: the view ${name} refers to what is not there. Drop or mend it.`)
      }
    }
  }
}

async function describeDump(
  { backupId, engine = 'mysqldump' }: DumpRequest,
  { snapshot, locked, tablesLockedMilliseconds, fingerprint, server }: TakenDump,
  { files, encryption }: DumpWriter,
  context: StepContext,
): Promise<DumpManifest> {
  const { gtidExecuted, binaryLog, lockedMilliseconds } = snapshot
  return {
    version: 1,
    backupId,
    engine: { name: engine, version: await readClientVersion(engine, context) },
    server: { ...server, gtidExecuted, binaryLog },
    lockedMilliseconds: tenths(lockedMilliseconds),
    withoutSnapshots: {
      tables: locked.tables.map(({ schema, name, engine }) => ({ schema, name, engine })),
      lockedMilliseconds: tenths(tablesLockedMilliseconds),
    },
    schemas: describeSchemas(fingerprint),
    encryption,
    files: [...files].sort((one, other) => (one.path < other.path ? -1 : 1)),
  }
}

/**
 * Keeps definitions as they are until the dump is done: writes go on, ALTER TABLE and its like wait. Taken under the global
 * read lock, as nothing holds that up then: a definition that waits for this lock would hold up the other one.
 */
async function keepDefinitions(connection: Connection, context: StepContext): Promise<void> {
  try {
    await connection.query('LOCK INSTANCE FOR BACKUP')
  } catch (error) {
    if (!hasCode(error, 'ER_SPECIFIC_ACCESS_DENIED_ERROR', 'ER_PARSE_ERROR')) throw error
    context.log('No right to LOCK INSTANCE FOR BACKUP: a table whose definition changes meanwhile fails the dump.')
  }
}

function describeSchemas({ schemas }: Fingerprint): DumpManifest['schemas'] {
  const described = Object.entries(schemas).map(([schema, { characterSet, collation, tables }]) => {
    const counts = Object.values(tables).map(({ rows }) => rows)
    return [
      schema,
      { characterSet, collation, tables: counts.length, rows: counts.reduce((sum, rows) => sum + rows, 0) },
    ]
  })
  return Object.fromEntries(described)
}

function tenths(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10
}

/** An engine is called as its program is. */
async function readClientVersion(engine: EngineName, { children }: StepContext): Promise<string> {
  let version = ''
  await children.start(engine, ['--version'], {
    onLine: (line) => {
      version ||= line
    },
  }).ended
  return version
}
