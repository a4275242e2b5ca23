import { createHash } from 'node:crypto'
import type { BackupObject } from '../../../src/domain/backup-record.ts'
import { type DumpManifest, MANIFEST_FILE } from '../dump/dump-manifest.ts'

/** The objects of a backup of this dump: its files, and its manifest of this text. */
export function backupObjects(manifest: DumpManifest, manifestText: string): BackupObject[] {
  const ofManifest = {
    name: MANIFEST_FILE,
    bytes: Buffer.byteLength(manifestText),
    sha256: createHash('sha256').update(manifestText).digest('hex'),
  }
  return [ofManifest, ...manifest.files.map(({ path: name, bytes, sha256 }) => ({ name, bytes, sha256 }))]
}
