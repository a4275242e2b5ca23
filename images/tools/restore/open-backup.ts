import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { S3Store } from '../../../src/catalog/s3-store.ts'
import type { BackupId } from '../../../src/domain/names.ts'
import type { DataCopy } from '../../../src/domain/restore-request.ts'
import { type DumpManifest, MANIFEST_FILE, parseManifest } from '../dump/dump-manifest.ts'
import type { Children } from '../job/children.ts'
import { StepError } from '../job/step-error.ts'
import { backupPrefix, remotePath } from '../s3/rclone.ts'
import { BackupFiles } from './backup-files.ts'
import { recordedObjects } from './recorded-objects.ts'

/** Which backup, and where its files are to lie while they are needed. */
export interface BackupToRestore {
  readonly store: S3Store
  readonly backupId: BackupId
  readonly copy: DataCopy
  /** What is in a folder of the backup's name below it is removed first. */
  readonly scratch: string
  /** Downloads at a time. */
  readonly threads: number
}

/**
 * Compares the names and sizes of a backup's objects with its record, and reads its manifest.
 *
 * @returns the manifest, and the files as they are asked for
 * @throws {StepError} `NotAsRecorded`, or `BackupNotWhole` for one that this version cannot read
 */
export async function openBackup(
  { store, backupId, copy, scratch, threads }: BackupToRestore,
  children: Children,
): Promise<{ manifest: DumpManifest; files: BackupFiles }> {
  const folder = join(scratch, backupId)
  await rm(folder, { recursive: true, force: true })
  const source = remotePath(store.bucket, backupPrefix(copy, backupId))
  const objects = await recordedObjects(store, backupId, copy)
  const files = new BackupFiles(source, folder, objects, children, threads)
  const manifest = parseManifest(await readFile(await files.pathOf(MANIFEST_FILE), 'utf8'))
  if (typeof manifest === 'string') throw notWhole(source, manifest)
  return { manifest, files }
}

function notWhole(source: string, why: string): StepError {
  return new StepError({
    type: 'BackupNotWhole',
    message: `What lies in ${source} is no backup that can be restored. ${why}`,
    remedy: 'Was it made by a later version of Holdfast? Then restore it by that.',
    retryable: false,
  })
}
