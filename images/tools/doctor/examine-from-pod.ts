import { setTimeout as pause } from 'node:timers/promises'
import type { S3Client } from '@aws-sdk/client-s3'
import prettyBytes from 'pretty-bytes'
import { connectS3, S3Store } from '../../../src/catalog/s3-store.ts'
import { Checklist, type Explain, NothingToCheck } from '../../../src/domain/checklist.ts'
import type { ClockOffset, DoctorAnswer, PodCheck } from '../../../src/domain/doctor.ts'
import type { StepContext } from '../job/run-step.ts'
import { StepError, toStepError } from '../job/step-error.ts'
import { type Connection, withConnection } from '../mysql/connection.ts'
import { type MysqlAccount, readAccount } from '../mysql/settings.ts'
import { assertPrivileges } from '../privileges/assert-privileges.ts'
import { neededPrivileges } from '../privileges/needed-privileges.ts'
import { assertVolume } from './assert-volume.ts'
import { assertAsProvisioned, readBucketSettings } from './bucket-settings.ts'
import { assertTakesLocalRows, examineServer, readServerClock, type ServerExamination } from './examine-mysql.ts'
import { whoAmI } from './identity.ts'
import { programVersions } from './programs.ts'
import { tryBucket } from './try-bucket.ts'
import type { DoctorVariables } from './variables.ts'
import { watchClock } from './watch-clock.ts'

/** What never answers counts as gone: the pod has to answer before its own deadline. */
const ANSWER_MILLISECONDS = 30_000

/**
 * Looks at all that is asked for and can only be seen from a pod like a step's. Never throws for what it finds.
 *
 * @param environment of the process, for the SDKs
 * @param trial names what is put into the bucket for a moment
 */
export async function examineFromPod(
  variables: DoctorVariables,
  environment: NodeJS.ProcessEnv,
  trial: string,
  context: StepContext,
): Promise<DoctorAnswer> {
  const examination = new Examination(variables, context)
  await Promise.all([
    examination.lookAtPrograms(),
    examination.lookAtAws(environment, trial),
    examination.lookAtMysql(),
    examination.lookAtVolume(),
  ])
  return examination.answer()
}

/** AWS, once it has said who the pod is. */
interface Aws {
  readonly s3: S3Client
  readonly bucket: string
  readonly clock: () => ClockOffset | undefined
}

class Examination {
  readonly #variables: DoctorVariables
  readonly #context: StepContext
  readonly #list = new Checklist(explain)
  readonly #clocks: ClockOffset[] = []
  #aws: Aws | undefined
  #server: ServerExamination | undefined

  constructor(variables: DoctorVariables, context: StepContext) {
    this.#variables = variables
    this.#context = context
  }

  answer(): DoctorAnswer {
    const server = this.#server
    return {
      findings: this.#list.findings,
      clocks: { pod: Date.now(), others: this.#clocks },
      ...(server && { databaseBytes: server.databaseBytes }),
    }
  }

  async lookAtPrograms(): Promise<void> {
    await this.#look('image', [], () => programVersions(this.#variables.ENGINE, this.#context.children))
  }

  async lookAtAws(environment: NodeJS.ProcessEnv, trial: string): Promise<void> {
    await this.#look('identity', [], async () => {
      const s3 = await connectS3(environment, environment.RCLONE_CONFIG_S3_FORCE_PATH_STYLE === 'true')
      const { arn, account } = await whoAmI(s3, environment)
      this.#aws = { s3, bucket: this.#variables.BUCKET || `test-${account}`, clock: watchClock(s3) }
      return arn
    })
    await this.#look('bucket', ['identity'], async () => {
      const { s3, bucket } = known(this.#aws)
      await tryBucket(new S3Store(s3, bucket), bucket, trial, this.#context.children)
      return `listed, put, copied, read and deleted in ${bucket}`
    })
    await this.#look('bucketSettings', ['bucket'], async () => {
      const { s3, bucket } = known(this.#aws)
      const settings = await readBucketSettings(s3, bucket)
      assertAsProvisioned(bucket, settings)
      const encryption = settings.encryption.join(', ')
      return `${bucket} keeps versions, encrypts by ${encryption}, is closed to the public, aborts uploads that never end`
    })
    const clock = this.#aws?.clock()
    if (clock) this.#clocks.push(clock)
  }

  async lookAtMysql(): Promise<void> {
    const { SCHEMAS, MYSQL_HOST, MYSQL_PORT, ENGINE } = this.#variables
    await this.#look('mysql', [], async () => {
      const server = await this.#withMysql(async (connection) => {
        this.#clocks.push(await clockOfServer(connection))
        return await examineServer(connection, SCHEMAS)
      })
      this.#server = server
      const { version, account, schemas, databaseBytes } = server
      const what = `${schemas.length} ${schemas.length === 1 ? 'schema' : 'schemas'} to back up, ${prettyBytes(databaseBytes)}`
      return `${version} at ${MYSQL_HOST}:${MYSQL_PORT}, as ${account}; ${what}`
    })
    await this.#look('privileges', ['mysql'], async () => {
      const server = known(this.#server)
      await this.#withMysql((connection) => assertPrivileges(connection, server, neededPrivileges(server)))
      if (ENGINE === 'mysqlsh') assertTakesLocalRows(server)
      return `${server.account} may dump, and restore for the proof`
    })
  }

  async lookAtVolume(): Promise<void> {
    await this.#look('volume', [], async () => {
      const { BACKUP_DIRECTORY, DATABASE_BYTES } = this.#variables
      const free = await assertVolume(BACKUP_DIRECTORY, DATABASE_BYTES)
      return `${prettyBytes(free)} free, for a dump of ${prettyBytes(DATABASE_BYTES)} at most`
    })
  }

  async #withMysql<Result>(work: (connection: Connection) => Promise<Result>): Promise<Result> {
    return await withConnection(await this.#account(), work)
  }

  /** @throws {NothingToCheck} where the first pipeline will make MySQL and its password */
  async #account(): Promise<MysqlAccount> {
    try {
      return await readAccount(this.#variables)
    } catch (error) {
      const isYetToBeMade =
        error instanceof StepError && error.type === 'PasswordMissing' && this.#variables.MYSQL === 'own'
      if (!isYetToBeMade) throw error
      throw new NothingToCheck('the namespace has no Secret mysql: the first pipeline deploys MySQL and makes it')
    }
  }

  async #look(check: PodCheck, after: readonly PodCheck[], work: () => Promise<string>): Promise<void> {
    if (!this.#variables.CHECKS.includes(check)) return
    await this.#list.look(check, after, () => Promise.race([work(), noAnswer()]))
  }
}

/** What a check before this one has found out. */
function known<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('Nothing is known of what this check rests upon.')
  return value
}

async function noAnswer(): Promise<never> {
  await pause(ANSWER_MILLISECONDS, undefined, { ref: false })
  throw new StepError({
    type: 'NoAnswer',
    message: `There was no answer for ${ANSWER_MILLISECONDS / 1000} s.`,
    remedy: 'Is the way there open to pods of this namespace (NetworkPolicy, security group, endpoint)?',
    retryable: true,
  })
}

const explain: Explain = (error) => {
  const { message, remedy } = toStepError(error)
  return { found: message, remedy }
}

async function clockOfServer(connection: Connection): Promise<ClockOffset> {
  const before = Date.now()
  const said = await readServerClock(connection)
  return { whose: 'MySQL', least: said - Date.now(), most: said - before }
}
