import { randomPartOf, type SchemaName, schemaNameSchema } from './names.ts'

/** MySQL's own limit, in characters. */
const LONGEST_NAME = 64

/** The schemas beside one that is exchanged for a restored one. */
export interface SwapNames {
  /** What the backup is restored into, and compared. */
  readonly beside: SchemaName
  /** What keeps the tables that were exchanged. */
  readonly aside: SchemaName
}

/**
 * Names the schemas beside a target, readably: `shop_new_1a2b3c4d` and `shop_old_1a2b3c4d`.
 *
 * @param runId of the restore
 */
export function swapNames(target: SchemaName, runId: string): SwapNames {
  const nameWith = (word: string) => {
    const end = `_${word}_${randomPartOf(runId)}`
    return schemaNameSchema().parse(target.slice(0, LONGEST_NAME - end.length) + end)
  }
  return { beside: nameWith('new'), aside: nameWith('old') }
}
