import type { FileKind } from './dump-manifest.ts'
import type { DumpOrder } from './dump-process.ts'

/** A file to be written. */
export interface PlannedFile {
  readonly path: string
  readonly kind: FileKind
  readonly schema: string
  /** Those of which it will hold rows. */
  readonly tables: readonly string[]
}

/** A file that mysqldump is to write. */
export interface PlannedDump extends PlannedFile {
  readonly order: Omit<DumpOrder, 'statements'>
}

/** A file that is to hold a text. */
export interface PlannedText extends PlannedFile {
  readonly text: string
}
