import { z } from 'zod'
import type { BackupId } from '../domain/names.ts'
import { stagingBytes } from '../domain/staging-size.ts'
import type { ManifestObject } from '../kubernetes/apply.ts'

const GIB = 1024 ** 3
const UNITS = new Map([
  ['Mi', 1024 ** 2],
  ['Gi', GIB],
  ['Ti', 1024 * GIB],
])

const storageSchema = z.string().regex(/^\d+[MGT]i$/, 'storage is a whole number of Mi, Gi or Ti: 20Gi')
const claimSchema = z.looseObject({
  resources: z.looseObject({ requests: z.looseObject({ storage: storageSchema }) }),
})

/** The PersistentVolumeClaim on which a backup's dump lies until the pipeline has ended. */
export function stagingClaimOf(backupId: BackupId): string {
  return `staging-${backupId.toLowerCase()}`
}

/**
 * The claim of a backup: as large as its dump may become, and never smaller than the manifest has it. What MySQL says of its size
 * is an estimate, and the database may grow until it is dumped; some clouds give small volumes little throughput. So the manifest
 * says what is asked for at least, and whoever has little room may lower it there.
 *
 * @param manifest of manifests/staging.yaml
 * @param databaseBytes absent where nobody has asked MySQL: then it is as in the manifest
 * @throws {ZodError} where the manifest asks for no storage, or in other units
 */
export function claimFor(
  manifest: ManifestObject,
  backupId: BackupId,
  databaseBytes: number | undefined,
): ManifestObject {
  const spec = claimSchema.parse(manifest.spec)
  const asked = bytesOf(spec.resources.requests.storage)
  const needed = databaseBytes === undefined ? 0 : stagingBytes(databaseBytes)
  const storage = needed > asked ? `${needed / GIB}Gi` : spec.resources.requests.storage
  const resources = { ...spec.resources, requests: { ...spec.resources.requests, storage } }
  return {
    ...manifest,
    metadata: { ...manifest.metadata, name: stagingClaimOf(backupId) },
    spec: { ...spec, resources },
  }
}

function bytesOf(storage: string): number {
  return Number.parseInt(storage, 10) * (UNITS.get(storage.slice(-2)) ?? 1)
}
