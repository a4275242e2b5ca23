import type { Difference, TableComparison } from '../../../src/domain/step-answers.ts'
import type { Fingerprint, ObjectFingerprint, SchemaFingerprint, TableFingerprint } from './fingerprint.ts'

/** What came of comparing a backup's fingerprint with what was restored from it. */
export interface Comparison {
  readonly differences: readonly Difference[]
  /** How many objects beside tables were compared. */
  readonly objectCount: number
  /** Those that differ first. */
  readonly tables: readonly TableComparison[]
}

/**
 * Compares two fingerprints object by object. What only one of them has differs as well.
 * The source has each schema of the mapping.
 *
 * @param mapping which schema of the source is which of the restored ones
 * @param confinedDefiner whom Holdfast makes the definer of what it restores into a schema, as SQL has it
 */
export function compareFingerprints(
  source: Fingerprint,
  restored: Fingerprint,
  mapping: Readonly<Record<string, string>>,
  confinedDefiner: (schema: string) => string,
): Comparison {
  const isSingle = Object.keys(mapping).length === 1
  const compared = Object.entries(mapping).map(([from, to]) => {
    const [before, after] = [source.schemas[from], restored.schemas[to]]
    if (!before) throw new Error(`The fingerprint says nothing of the schema ${from}.`)
    if (!after)
      return { differences: [{ kind: 'schema', name: to, what: MISSING } as const], tables: [], objectCount: 0 }
    const nameOf = (name: string): string => (isSingle ? name : `${from}.${name}`)
    const pair = { source: before, restored: after }
    const tables = compareTables(pair, nameOf)
    const objects = compareObjects(pair, nameOf, confinedDefiner(to))
    const differences = [...compareCharset(to, pair), ...tables.differences, ...objects.differences]
    return { differences, tables: tables.comparisons, objectCount: objects.count }
  })
  const differences = compared.flatMap((schema) => schema.differences)
  const differing = new Set(differences.filter(({ kind }) => kind === 'table').map(({ name }) => name))
  const rank = ({ name }: TableComparison): number => (differing.has(name) ? 0 : 1)
  return {
    differences,
    objectCount: compared.reduce((sum, { objectCount }) => sum + objectCount, 0),
    tables: compared.flatMap(({ tables }) => tables).sort((one, other) => rank(one) - rank(other)),
  }
}

/** Both sides of one schema. */
interface SchemaPair {
  readonly source: SchemaFingerprint
  readonly restored: SchemaFingerprint
}

type NameOf = (name: string) => string

function compareCharset(name: string, { source, restored }: SchemaPair): Difference[] {
  const before = `${source.characterSet} ${source.collation}`
  const after = `${restored.characterSet} ${restored.collation}`
  return before === after ? [] : [{ kind: 'schema', name, what: `was ${before}, and is ${after}` }]
}

function compareTables({ source, restored }: SchemaPair, nameOf: NameOf) {
  const names = [...new Set([...Object.keys(source.tables), ...Object.keys(restored.tables)])].sort()
  const pairs = names.map((name) => ({ name, before: source.tables[name], after: restored.tables[name] }))
  return {
    comparisons: pairs.map(({ name, before, after }) => tableComparison(nameOf(name), before, after)),
    differences: pairs.flatMap(({ name, before, after }) =>
      tableDifferences(before, after).map((what): Difference => ({ kind: 'table', name: nameOf(name), what })),
    ),
  }
}

function tableComparison(
  name: string,
  source: TableFingerprint | undefined,
  restored: TableFingerprint | undefined,
): TableComparison {
  return {
    name,
    sourceRows: source?.rows ?? 0,
    restoredRows: restored?.rows ?? null,
    checksumEqual: source !== undefined && restored !== undefined && source.checksum === restored.checksum,
  }
}

function tableDifferences(source: TableFingerprint | undefined, restored: TableFingerprint | undefined): string[] {
  if (!source) return [ADDED]
  if (!restored) return [MISSING]
  const what: string[] = []
  if (source.rows !== restored.rows) what.push(`had ${source.rows} rows, and has ${restored.rows}`)
  else if (source.checksum !== restored.checksum) what.push('has other rows')
  if (source.definition !== restored.definition) what.push(definitionDifference(source.definition, restored.definition))
  if (hasGoneBack(source.autoIncrement, restored.autoIncrement)) {
    what.push(
      `would give ${restored.autoIncrement ?? 'no number'} to its next row, and gave ${source.autoIncrement} before`,
    )
  }
  return what
}

/** A counter may have gone on between the snapshot and the dump of the table's definition. */
function hasGoneBack(source: string | null, restored: string | null): boolean {
  return source !== null && (restored === null || BigInt(restored) < BigInt(source))
}

function compareObjects({ source, restored }: SchemaPair, nameOf: NameOf, confinedDefiner: string) {
  const before = new Map(source.objects.map((object) => [keyOf(object), object]))
  const after = new Map(restored.objects.map((object) => [keyOf(object), object]))
  const all = new Map([...before, ...after])
  const differences = [...all].flatMap(([key, { kind, name }]) =>
    objectDifferences(before.get(key), after.get(key), confinedDefiner).map(
      (what): Difference => ({ kind, name: nameOf(name), what }),
    ),
  )
  return { count: all.size, differences }
}

function keyOf({ kind, name }: ObjectFingerprint): string {
  return `${kind} ${name}`
}

function objectDifferences(
  source: ObjectFingerprint | undefined,
  restored: ObjectFingerprint | undefined,
  confinedDefiner: string,
): string[] {
  if (!source) return [ADDED]
  if (!restored) return [MISSING]
  const what: string[] = []
  if (source.definition !== restored.definition) what.push(definitionDifference(source.definition, restored.definition))
  for (const [setting, value] of Object.entries(source.settings)) {
    const now = restored.settings[setting]
    if (now !== value) what.push(`had the ${setting} "${value}", and has "${now}"`)
  }
  if (restored.definer !== source.definer && restored.definer !== confinedDefiner) {
    what.push(`was defined by ${source.definer}, and is by ${restored.definer}`)
  }
  // A restored event is left disabled.
  if (restored.status !== source.status && restored.status !== 'DISABLED') {
    what.push(`was ${source.status}, and is ${restored.status}`)
  }
  return what
}

const ADDED = 'is there, and was not in the backup'
const MISSING = 'is missing'
/** Of a definition's line, in characters: whole ones may have megabytes. */
const SHOWN_CHARACTERS = 100
/** How many of these stand before the place where two lines part. */
const SHOWN_BEFORE = 30

/** What is in one definition and not in the other: the first such line of each, around the place where they part. */
function definitionDifference(source: string, restored: string): string {
  const before = linesOf(source)
  const after = linesOf(restored)
  const gone = before.find((line) => !after.includes(line))
  const come = after.find((line) => !before.includes(line))
  if (gone === undefined && come === undefined) return 'is defined in another order'
  const where = gone === undefined || come === undefined ? 0 : firstDifference(gone, come)
  const parts = [
    ...(gone === undefined ? [] : [`"${excerpt(gone, where)}" before`]),
    ...(come === undefined ? [] : [`"${excerpt(come, where)}" now`]),
  ]
  return `is defined otherwise: ${parts.join(', ')}`
}

/** Without the commas between them, which come and go with the line after. */
function linesOf(definition: string): string[] {
  return definition.split('\n').map((line) => line.trim().replace(/,$/, ''))
}

function firstDifference(one: string, other: string): number {
  let index = 0
  while (index < one.length && one[index] === other[index]) index += 1
  return index
}

function excerpt(line: string, where: number): string {
  const start = Math.max(0, where - SHOWN_BEFORE)
  const end = start + SHOWN_CHARACTERS
  return `${start > 0 ? '…' : ''}${line.slice(start, end)}${end < line.length ? '…' : ''}`.toWellFormed()
}
