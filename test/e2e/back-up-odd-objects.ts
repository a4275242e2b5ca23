import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { mountSql } from '../../src/cli/mount-sql.ts'
import { readSqlInput } from '../../src/cli/sql-input.ts'
import type { BackupResult } from '../../src/domain/backup-result.ts'
import { runWorkflow, type WorkflowWorld } from '../support/run-workflow.ts'

/**
 * Backs up a schema with every kind of object, in a namespace and a MySQL of its own.
 *
 * @param more statements that make others
 */
export async function backUpOddObjects(
  world: WorkflowWorld,
  namespace: string,
  schema: string,
  more = '',
): Promise<BackupResult> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-objects-'))
  try {
    const file = join(folder, 'odd-objects.sql')
    await writeFile(file, `${await readFile('test/e2e/odd-objects.sql', 'utf8')}${more}`)
    const sql = await readSqlInput(file, namespace)
    await mountSql(world.lab, namespace, sql)
    const sampleData = { kind: 'sqlFile', schema, sha256: sql.sha256 }
    return (await runWorkflow<BackupResult>(world, 'BackupPipeline', { namespace, sampleData })).result
  } finally {
    await rm(folder, { recursive: true })
  }
}
