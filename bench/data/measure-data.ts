import { randomUUID } from 'node:crypto'
import { backupIdOf } from '../../src/domain/names.ts'
import { BESIDE_PODS, withS3Apart } from '../apart.ts'
import type { Measurements } from './measurements.ts'
import { type PodCommands, SCHEMA } from './pod-commands.ts'

const TABLES = 4

/** What is measured beside the steps of the same names. */
export const PIPE = 'mysqldump | gzip | rclone rcat'
export const PIPE_BACK = 'rclone cat | gunzip | mysql'
export const OVERLAPPED = 'dump and upload, overlapped'
/** Of what is measured where S3 has a processor of its own: the end of its name. */
export const APART = ', S3 apart'
/** Each as the step `verify` says that it took, when nothing else is done. */
export const FINGERPRINTS = ['fingerprint of the source', 'of what was restored'] as const
/** Between them. */
export const DUMP_BESIDE = 'dump, beside fingerprints'

const READ_IN = /read in ([\d.]+) s/

export interface MeasureOptions {
  /** In each of the four tables. */
  readonly rows: number
  /** Connections, dumps and loads at a time. */
  readonly threads: number
  /** How often it dumps, uploads and takes fingerprints. */
  readonly rounds: number
}

/** Fills a database, measures what is done with it, and removes it at the end. */
export async function measureData(
  pod: PodCommands,
  measurements: Measurements,
  options: MeasureOptions,
): Promise<void> {
  // Another backup: the first one has its record by then.
  const second = { BACKUP_ID: backupIdOf(new Date(), randomUUID()), BACKUP_DIRECTORY: '/tmp/overlapped' }
  await measurements.timed('load sysbench', () => pod.shell(LOAD_SYSBENCH, { ROWS: String(options.rows) }))
  await measurements.timed(PIPE, () =>
    pod.shell(
      `mysqldump $O --single-transaction --set-gtid-purged=OFF ${SCHEMA} | gzip | rclone rcat "S3:$BUCKET/bench/$BACKUP_ID.sql.gz"`,
    ),
  )
  // In turns, so that what else the machine does is the same for each.
  for (let round = 1; round <= options.rounds; round++) {
    await withS3Apart(() => measureUploads(pod, measurements, second, { where: APART, beside: BESIDE_PODS }))
    await measureUploads(pod, measurements, second, { where: '', beside: [] })
  }
  await measureWayBack(pod, measurements)
  for (let round = 1; round <= options.rounds; round++) await measureFingerprints(pod, measurements, second)
  await removeAll(pod, second)
}

/** The environment of the second backup. */
type SecondBackup = Readonly<Record<'BACKUP_ID' | 'BACKUP_DIRECTORY', string>>

async function measureUploads(
  pod: PodCommands,
  measurements: Measurements,
  second: SecondBackup,
  { where, beside }: { where: string; beside: readonly string[] },
): Promise<void> {
  await pod.shell(`rm -rf /tmp/backup /tmp/overlapped; ${DELETE_UPLOAD}`)
  await pod.shell(DELETE_UPLOAD, second)
  await measurements.timed(`dump${where}`, () => pod.step('dump', {}, beside))
  await measurements.timed(`upload${where}`, () => pod.step('upload', {}, beside))
  await measurements.timed(`${OVERLAPPED}${where}`, () => pod.step('dump-and-upload', second, beside))
}

async function measureWayBack(pod: PodCommands, measurements: Measurements): Promise<void> {
  await measurements.timed('copy', () => pod.step('copy'))
  await measurements.timed(PIPE_BACK, () =>
    pod.shell(
      `mysql $O -e 'DROP DATABASE IF EXISTS ${SCHEMA}_plain; CREATE DATABASE ${SCHEMA}_plain'; rclone cat "S3:$BUCKET/bench/$BACKUP_ID.sql.gz" | gunzip | mysql $O ${SCHEMA}_plain`,
    ),
  )
  await measurements.timed('restore', () => pod.step('restore'))
  await measurements.timed('verify', () => pod.step('verify'))
}

async function measureFingerprints(pod: PodCommands, measurements: Measurements, second: SecondBackup): Promise<void> {
  await pod.shell('rm -rf /tmp/overlapped')
  await measurements.timed(DUMP_BESIDE, () => pod.step('dump', second))
  const ofSource = { SCHEMA_MAPPING: JSON.stringify({ [SCHEMA]: SCHEMA }) }
  for (const [name, changes] of [[FINGERPRINTS[0], ofSource] as const, [FINGERPRINTS[1], {}] as const]) {
    measurements.note(name, Number(READ_IN.exec(await pod.step('verify', changes))?.[1]))
  }
}

async function removeAll(pod: PodCommands, second: SecondBackup): Promise<void> {
  await pod.shell(
    `mysql $O -e 'DROP DATABASE ${SCHEMA}_plain; DROP DATABASE ${SCHEMA}; DROP DATABASE ${SCHEMA}_restored'; for p in backup2 catalog; do rclone delete "S3:$BUCKET/$p/$BACKUP_ID"; done; ${DELETE_UPLOAD}; rclone deletefile "S3:$BUCKET/bench/$BACKUP_ID.sql.gz"`,
  )
  await pod.shell(DELETE_UPLOAD, second)
}

/** What was uploaded of a backup, if anything was: rclone's exit code 3 says no. */
const DELETE_UPLOAD = 'rclone delete "S3:$BUCKET/backup1/$BACKUP_ID/" || test $? = 3'

const LOAD_SYSBENCH = `mysql $O -e 'DROP DATABASE IF EXISTS ${SCHEMA}; CREATE DATABASE ${SCHEMA}'; sysbench oltp_read_write --db-driver=mysql --mysql-host="$MYSQL_HOST" --mysql-user="$MYSQL_USER" --mysql-password="$(cat /run/secrets/mysql/password)" --mysql-db=${SCHEMA} --tables=${TABLES} --table-size="$ROWS" --threads="$THREADS" prepare`
