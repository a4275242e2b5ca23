import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { mountSql } from '../../src/cli/mount-sql.ts'
import { readSqlInput } from '../../src/cli/sql-input.ts'
import type { BackupRequestInput } from '../../src/domain/backup-request.ts'
import type { BackupResult } from '../../src/domain/backup-result.ts'
import { runWorkflow, type WorkflowWorld } from '../support/run-workflow.ts'

/** A pipeline that has proven its backup. */
export interface ProvenPipeline {
  readonly result: BackupResult
  readonly history: string
}

export interface OddBackup {
  /** Of the request. */
  readonly changes?: Partial<BackupRequestInput>
  /** Statements that make other objects. */
  readonly more?: string
  /** Called when there is the namespace, and no pipeline yet. */
  readonly beforehand?: () => Promise<void>
}

/** Backs up a schema with every kind of object, in a namespace and a MySQL of its own. */
export async function backUpOddObjects(
  world: WorkflowWorld,
  namespace: string,
  schema: string,
  { changes = {}, more = '', beforehand }: OddBackup = {},
): Promise<ProvenPipeline> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-objects-'))
  try {
    const file = join(folder, 'odd-objects.sql')
    await writeFile(file, `${await readFile('test/e2e/odd-objects.sql', 'utf8')}${more}`)
    const sql = await readSqlInput(file, namespace)
    await mountSql(world.lab, namespace, sql)
    await beforehand?.()
    const sampleData = { kind: 'sqlFile', schema, sha256: sql.sha256 }
    return await runWorkflow<BackupResult>(world, 'BackupPipeline', { namespace, sampleData, ...changes })
  } finally {
    await rm(folder, { recursive: true })
  }
}
