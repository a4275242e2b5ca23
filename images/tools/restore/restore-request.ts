import type { DumpManifest } from '../dump/dump-manifest.ts'
import type { MysqlAccount } from '../mysql/settings.ts'
import type { DumpFiles } from './backup-files.ts'
import type { Restoration } from './target-schema.ts'

/** A dump to be restored. */
export interface RestoreRequest {
  readonly account: MysqlAccount
  readonly files: DumpFiles
  readonly manifest: DumpManifest
  /** What opens the files. Absent: they are not encrypted. */
  readonly identityFile?: string | undefined
  /** Which of its schemas is restored into which. */
  readonly mapping: Readonly<Record<string, string>>
  /** By schema, the only tables that are restored. Of a schema that is not named, all is. */
  readonly tables: Readonly<Record<string, readonly string[]>>
  readonly restoration: Restoration
  readonly threads: number
  /** The script that MySQL Shell runs. By default that of the image. */
  readonly shellScript?: string
}
