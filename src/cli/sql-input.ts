import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { gzipSync } from 'node:zlib'
import { InputError } from './input-error.ts'

/** A ConfigMap holds 1 MiB, and a request to the API server 1.5 MiB as base64. */
const PART_BYTES = 700_000
/** As many ConfigMaps as manifests/jobs/load-sql.yaml mounts. */
export const MAXIMUM_PARTS = 16

/** A SQL file as the load's Job gets it. */
export interface SqlInput {
  /** Of the uncompressed file. */
  readonly sha256: string
  /** The ConfigMaps that hold it, compressed by gzip, in parts. */
  readonly configMaps: readonly object[]
}

/** @throws {InputError} where the file cannot be read or is too large */
export async function readSqlInput(file: string, namespace: string): Promise<SqlInput> {
  const sql = await readFile(file).catch((error: Error) => {
    throw new InputError(`--sql: ${error.message}`)
  })
  return { sha256: createHash('sha256').update(sql).digest('hex'), configMaps: toConfigMaps(sql, namespace) }
}

/** The name of the ConfigMap that holds one part. */
export function partName(index: number): string {
  return `holdfast-sql-${String(index).padStart(2, '0')}`
}

/** @throws {InputError} where the file is too large */
export function toConfigMaps(sql: Uint8Array, namespace: string): readonly object[] {
  const compressed = gzipSync(sql)
  const parts = Math.ceil(compressed.length / PART_BYTES)
  if (parts > MAXIMUM_PARTS) {
    const room = Math.floor((MAXIMUM_PARTS * PART_BYTES) / 1e6)
    throw new InputError(`--sql: the file has ${compressed.length} bytes compressed; there is room for ${room} MB.`)
  }
  return Array.from({ length: parts }, (_, index) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: partName(index), namespace },
    binaryData: {
      [`part-${String(index).padStart(3, '0')}`]: compressed
        .subarray(index * PART_BYTES, (index + 1) * PART_BYTES)
        .toString('base64'),
    },
  }))
}
