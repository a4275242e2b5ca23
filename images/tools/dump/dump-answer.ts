import type { DumpAnswer } from '../../../src/domain/step-answers.ts'
import { bytesOf, type DumpManifest } from './dump-manifest.ts'

/** What a step answers that has dumped this. */
export function dumpAnswer(manifest: DumpManifest): DumpAnswer {
  const schemas = Object.values(manifest.schemas)
  return {
    tables: schemas.reduce((sum, { tables }) => sum + tables, 0),
    rows: schemas.reduce((sum, { rows }) => sum + rows, 0),
    bytes: bytesOf(manifest),
    files: manifest.files.length,
    engine: manifest.engine.name,
    encryption: manifest.encryption,
    lockedMilliseconds: manifest.lockedMilliseconds,
    withoutSnapshots: {
      tables: manifest.withoutSnapshots.tables.length,
      lockedMilliseconds: manifest.withoutSnapshots.lockedMilliseconds,
    },
  }
}
