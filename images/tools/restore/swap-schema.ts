import type { StepContext } from '../job/run-step.ts'
import { StepError } from '../job/step-error.ts'
import { confinedDefiner, dropConfinedUser } from '../mysql/confined-user.ts'
import { type Connection, quoteName } from '../mysql/connection.ts'
import { createOwnedSchema, dropOwnedSchema, findOwnedSchema, type SchemaCharset } from '../mysql/owned-schemas.ts'
import { baseTablesOf, dropObjects, findReferenceInto, moveTables } from '../mysql/schema-contents.ts'
import { eventStatesSql, eventsSql, routinesSql, triggersSql, viewsSql } from '../schema/object-sql.ts'
import { readSchemaObjects, type SchemaObjects } from '../schema/schema-objects.ts'
import { forgetSetAside, readSetAside, type SetAside, writeSetAside } from './set-aside.ts'

/** A schema that is exchanged for a restored one. */
export interface Swap {
  readonly target: string
  /** Where the backup was restored to, and compared. */
  readonly beside: string
  /** Where the tables go that the target has. */
  readonly aside: string
}

/** What the backup has of the schema. */
interface Restored {
  readonly charset: SchemaCharset
  readonly tables: number
}

/**
 * Exchanges a schema for the one that was restored beside it. What it was is written down first; its tables move aside and the
 * restored ones come in in one step; then its other objects are dropped. Done again after it was interrupted, it goes on where it was.
 * What the restored schema has beside tables is for the caller to make.
 *
 * @throws {StepError} `ReferencedFromOutside`, before anything was changed
 */
export async function swapTables(
  connection: Connection,
  { target, beside, aside }: Swap,
  { charset, tables }: Restored,
  context: StepContext,
): Promise<void> {
  const before = (await readSetAside(connection, aside)) ?? (await setAside(connection, target, aside, context))
  if (before.tables === null && !(await findOwnedSchema(connection, target, 'recovered'))) {
    await createOwnedSchema(connection, target, 'recovered', { charset })
  }
  if (!(await findOwnedSchema(connection, aside, 'aside'))) {
    await createOwnedSchema(connection, aside, 'aside', { charset: before, detail: JSON.stringify({ of: target }) })
  }
  const [incoming, outgoing] = [await baseTablesOf(connection, beside), await baseTablesOf(connection, target)]
  const isSwapped = incoming.length === 0 && (tables > 0 || outgoing.length === 0)
  if (!isSwapped) {
    // MySQL moves no table to another schema that has a trigger.
    for (const schema of [target, beside]) await dropObjects(connection, schema, ['TRIGGER'])
    await moveTables(connection, [
      { from: target, to: aside, tables: outgoing },
      { from: beside, to: target, tables: incoming },
    ])
    context.log(`Moved ${outgoing.length} tables of \`${target}\` to \`${aside}\`, and ${incoming.length} tables in.`)
  }
  await dropObjects(connection, target)
  await setCharset(connection, target, charset)
}

/**
 * Makes a schema again what it was before {@link swapTables}, however far that had come. The restored tables go back beside it.
 *
 * @param runId of the restore, to which what goes beside belongs
 * @param load runs SQL in the target, as an account that may make objects in the name of others
 * @returns whether there was anything to take back
 */
export async function swapBack(
  connection: Connection,
  { target, beside, aside }: Swap,
  runId: string,
  load: (sql: string) => Promise<void>,
): Promise<boolean> {
  const before = await readSetAside(connection, aside)
  if (!before) return false
  await dropObjects(connection, target)
  const [kept, swapped] = [await baseTablesOf(connection, aside), await baseTablesOf(connection, target)]
  const besides = await baseTablesOf(connection, beside)
  const isSwapped = before.tables ? kept.length > 0 : besides.length === 0
  if (isSwapped) {
    // It is dropped when all is done.
    if (!(await findOwnedSchema(connection, beside, 'recovered'))) {
      await createOwnedSchema(connection, beside, 'recovered', { detail: JSON.stringify({ runId }) })
    }
    await moveTables(connection, [
      { from: target, to: beside, tables: swapped },
      { from: aside, to: target, tables: kept },
    ])
  }
  if (before.tables === null) await dropOwnedSchema(connection, target, 'recovered')
  else {
    await setCharset(connection, target, before)
    for (const script of before.scripts) await load(script)
    const definer = confinedDefiner(target)
    if (!before.scripts.some((script) => script.includes(definer))) await dropConfinedUser(connection, target)
  }
  const left = await baseTablesOf(connection, aside)
  if (left.length > 0) throw notEmpty(aside, left.length)
  await dropOwnedSchema(connection, aside, 'aside')
  await forgetSetAside(connection, aside)
  return true
}

/** Writes down what a schema is. */
async function setAside(
  connection: Connection,
  target: string,
  aside: string,
  context: StepContext,
): Promise<SetAside> {
  const outside = await findReferenceInto(connection, target)
  if (outside !== undefined) throw referencedFromOutside(target, outside)
  const objects = await readSchemaObjects(connection, target)
  const facts: SetAside = {
    target,
    tables: objects ? (await baseTablesOf(connection, target)).length : null,
    characterSet: objects?.characterSet ?? 'utf8mb4',
    collation: objects?.collation ?? 'utf8mb4_0900_ai_ci',
    scripts: objects ? scriptsOf(objects) : [],
  }
  for (const view of objects?.brokenViews ?? []) {
    context.log(`The view \`${target}\`.${quoteName(view)} refers to what is not there, and cannot be set aside.`)
  }
  await writeSetAside(connection, aside, facts)
  return facts
}

function scriptsOf({ routines, views, triggers, events }: SchemaObjects): string[] {
  return [routinesSql(routines), viewsSql(views), triggersSql(triggers), eventsSql(events), eventStatesSql(events)]
}

async function setCharset(connection: Connection, schema: string, charset: SchemaCharset): Promise<void> {
  const { characterSet, collation } = charset
  await connection.query(`ALTER DATABASE ${quoteName(schema)} CHARACTER SET ? COLLATE ?`, [characterSet, collation])
}

function notEmpty(aside: string, tables: number): StepError {
  return new StepError({
    type: 'AsideNotEmpty',
    message: `\`${aside}\` still holds ${tables} tables that were set aside, and is kept.`,
    remedy: 'Compare it with the schema that it was, and move by RENAME TABLE what is missing there.',
    retryable: false,
  })
}

function referencedFromOutside(target: string, table: string): StepError {
  return new StepError({
    type: 'ReferencedFromOutside',
    message: `The table ${table} has a foreign key into \`${target}\`, which would go aside with its tables.`,
    remedy: 'Drop that foreign key, exchange, and add it again; or restore into another schema. Nothing was changed.',
    retryable: false,
  })
}
