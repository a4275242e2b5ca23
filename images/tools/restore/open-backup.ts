import { createReadStream } from 'node:fs'
import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { S3Store } from '../../../src/catalog/s3-store.ts'
import type { BackupId } from '../../../src/domain/names.ts'
import type { DataCopy } from '../../../src/domain/restore-request.ts'
import { type DumpManifest, FINGERPRINT_FILE, MANIFEST_FILE, parseManifest, storedName } from '../dump/dump-manifest.ts'
import { findIdentity, openText } from '../encryption/identity.ts'
import { assertRoom } from '../job/assert-room.ts'
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
  /** Where the identity has to be if the backup is encrypted. */
  readonly identityFile: string
  /** Downloads at a time. */
  readonly threads: number
}

/**
 * Compares the names and sizes of a backup's objects with its record, reads its manifest, and tries the identity if it needs one: what
 * opens one of its files opens all.
 *
 * @returns the manifest, the files as they are asked for, and what opens them; that is undefined where they are not encrypted
 * @throws {StepError} `NotAsRecorded`; `VolumeTooSmall`; `BackupNotWhole` for one that this version cannot read; `IdentityMissing`, `IdentityWrong` or
 * `IdentityInvalid`
 */
export async function openBackup(
  { store, backupId, copy, scratch, threads, ...where }: BackupToRestore,
  children: Children,
): Promise<{ manifest: DumpManifest; files: BackupFiles; identityFile: string | undefined }> {
  const folder = join(scratch, backupId)
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  const source = remotePath(store.bucket, backupPrefix(copy, backupId))
  const objects = await recordedObjects(store, backupId, copy)
  await assertRoom(folder, {
    // Downloads may be ahead of what is loaded by all of it.
    bytes: [...objects.values()].reduce((sum, { bytes }) => sum + bytes, 0),
    who: 'The backup has',
    notDone: 'Nothing was restored.',
    remedy: 'What is downloaded lies on the node until it is loaded: choose nodes with larger disks.',
  })
  const files = new BackupFiles(source, folder, objects, children, threads)
  const manifest = parseManifest(await readFile(await files.pathOf(MANIFEST_FILE), 'utf8'))
  if (typeof manifest === 'string') throw notWhole(source, manifest)
  const identityFile = await findIdentity(manifest.encryption, where.identityFile)
  if (identityFile !== undefined) {
    const path = await files.pathOf(storedName(FINGERPRINT_FILE, 'age'))
    await openText(children, identityFile, createReadStream(path))
  }
  return { manifest, files, identityFile }
}

function notWhole(source: string, why: string): StepError {
  return new StepError({
    type: 'BackupNotWhole',
    message: `What lies in ${source} is no backup that can be restored. ${why}`,
    remedy: 'Was it made by a later version of Holdfast? Then restore it by that.',
    retryable: false,
  })
}
