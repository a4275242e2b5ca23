/** What somebody works on: schemas of the MySQL in a namespace. */
export interface Database {
  readonly namespace: string
  readonly schemas: readonly string[]
}

/** Where Temporal keeps its lists in SQL, a keyword has no more room. */
const KEYWORD_CHARACTERS = 255

/** A database as lists show it, in the search attribute `HoldfastDatabase`: `shop/orders,invoices`. */
export function databaseName({ namespace, schemas }: Database): string {
  const name = `${namespace}/${schemas.join(',')}`
  const more = `… of ${schemas.length} schemas`
  return name.length <= KEYWORD_CHARACTERS ? name : name.slice(0, KEYWORD_CHARACTERS - more.length) + more
}
