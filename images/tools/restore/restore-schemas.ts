import pLimit from 'p-limit'
import type { StepContext } from '../job/run-step.ts'
import { type Connection, withConnection } from '../mysql/connection.ts'
import { openOwnedSchemas } from '../mysql/owned-schemas.ts'
import { addIndexes, type DeferredIndexes, dropIndexes } from './defer-indexes.ts'
import { assertInDump, filesToLoad, OBJECTS, ROWS, tablesOfManyRows } from './files-to-load.ts'
import { type Loader, loadFiles, withLoader } from './load-files.ts'
import { assertTakesShellRows } from './load-shell-rows.ts'
import type { RestoreRequest } from './restore-request.ts'
import { describeTargetSchema, dropOtherTables, makeTargetSchema } from './target-schema.ts'

/**
 * Loads schemas of a dump into schemas of other names, which are made anew.
 *
 * @throws {StepError} `SchemaNotOwned`, `SchemaExists`, `SchemaNotInDump`, `TableNotInDump`, `LocalInfileOff` or `LoadFailed`
 */
export async function restoreSchemas(request: RestoreRequest, context: StepContext): Promise<void> {
  assertInDump(request)
  const files = Object.keys(request.mapping).flatMap((schema) => filesToLoad(request, schema))
  const progress = { bytes: 0, totalBytes: files.reduce((sum, { bytes }) => sum + bytes, 0) }
  await withConnection(request.account, async (connection) => {
    if (files.some(({ kind }) => kind === 'mysqlsh')) await assertTakesShellRows(connection)
    await openOwnedSchemas(connection)
    for (const [from, to] of Object.entries(request.mapping)) {
      await makeTargetSchema(connection, to, request.restoration, request.manifest.schemas[from])
    }
    // Only now: what is refused has not been downloaded.
    request.files.expect(files.map(({ path }) => path))
    const work = Promise.all(
      Object.entries(request.mapping).map(([from, to]) =>
        restoreSchema(connection, request, context, from, to, (bytes) => {
          progress.bytes += bytes
        }),
      ),
    )
    await context.progress.during(work, () => ({ ...progress, percent: (100 * progress.bytes) / progress.totalBytes }))
  })
}

async function restoreSchema(
  connection: Connection,
  request: RestoreRequest,
  context: StepContext,
  from: string,
  to: string,
  onBytes: (bytes: number) => void,
): Promise<void> {
  await withLoader(connection, request, { from, to }, async (loader) => {
    const files = filesToLoad(request, from)
    await loadFiles(loader, files, ['structure'], request, context, onBytes)
    const deferred = await dropIndexes(connection, to, tablesOfManyRows(files))
    await loadFiles(loader, files, ROWS, request, context, onBytes)
    await addIndexesBeside(loader, deferred, request, context)
    await loadFiles(loader, files, OBJECTS, request, context, onBytes)
  })
  const chosen = request.tables[from]
  if (chosen) await dropOtherTables(connection, to, chosen)
  const { backupId } = request.manifest
  await describeTargetSchema(connection, to, request.restoration, { backupId, schema: from })
  context.log(`Restored \`${from}\` into \`${to}\`.`)
}

/** Makes the routines, views, triggers and events of a schema of the dump in another one, whose tables are there. */
export async function restoreObjects(
  connection: Connection,
  request: RestoreRequest,
  context: StepContext,
  from: string,
  to: string,
): Promise<void> {
  await withLoader(connection, request, { from, to }, (loader) =>
    loadFiles(loader, filesToLoad(request, from), OBJECTS, request, context, () => undefined),
  )
}

async function addIndexesBeside(
  { account, to }: Loader,
  deferred: readonly DeferredIndexes[],
  { threads }: RestoreRequest,
  context: StepContext,
): Promise<void> {
  if (deferred.length === 0) return
  const limit = pLimit(threads)
  const add = (indexes: DeferredIndexes) => withConnection(account, (connection) => addIndexes(connection, to, indexes))
  await Promise.all(deferred.map((indexes) => limit(() => add(indexes))))
  context.log(`Made the indexes of ${deferred.length} tables of \`${to}\`, now that their rows are there.`)
}
