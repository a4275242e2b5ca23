import { parseBackupRequest } from '../../domain/backup-request.ts'
import type { Database } from '../../domain/database-name.ts'
import { backupInShort, drillInShort, pruneInShort } from '../../domain/in-short.ts'
import { parsePruneRequest } from '../../domain/prune-request.ts'
import { parseDrillRequest } from '../../domain/restore-request.ts'
import { InputError } from '../input-error.ts'

export const KINDS = ['backup', 'prune', 'drill'] as const
/** What a schedule starts. */
export type Kind = (typeof KINDS)[number]

/** A request that was checked. */
export interface CheckedRequest {
  readonly inShort: string
  /** Of which a proven backup is expected; undefined where none is. */
  readonly database?: Database
}

interface KindFacts {
  readonly workflowType: string
  /** By the functions of the workflows themselves. */
  readonly check: (request: unknown) => CheckedRequest
}

const FACTS: Readonly<Record<Kind, KindFacts>> = {
  backup: {
    workflowType: 'BackupPipeline',
    check: (request) => {
      const parsed = parseBackupRequest(request)
      const { namespace, schemas } = parsed
      return { inShort: backupInShort(parsed), database: { namespace, schemas } }
    },
  },
  prune: { workflowType: 'PruneBackups', check: (request) => ({ inShort: pruneInShort(parsePruneRequest(request)) }) },
  drill: { workflowType: 'DrillBackup', check: (request) => ({ inShort: drillInShort(parseDrillRequest(request)) }) },
}

export function workflowTypeOf(kind: Kind): string {
  return FACTS[kind].workflowType
}

/** Undefined where a schedule starts something else, which is not Holdfast's. */
export function kindOf(workflowType: string): Kind | undefined {
  return KINDS.find((kind) => FACTS[kind].workflowType === workflowType)
}

/** @throws {InputError} naming each field that is wrong, as the workflow itself would */
export function checkRequest(kind: Kind, request: unknown): CheckedRequest {
  try {
    return FACTS[kind].check(request)
  } catch (error) {
    throw new InputError(error instanceof Error ? error.message : String(error))
  }
}
