/** A text in quotes, a comment that MySQL does not run, a name, or any other character. */
const TOKEN =
  /'(?:[^'\\]|\\.|'')*'|--[ \t][^\n]*|#[^\n]*|\/\*(?!!).*?\*\/|`(?:[^`]|``)+`|"(?:[^"\\]|\\.|"")*"|[\w$\u0080-\uffff]+|\s+|./gs

/**
 * Whether SQL that somebody wrote names a schema in front of a table or the like. It may be told so though it means something
 * else: a table's alias of the same name, or a text in double quotes.
 */
export function mentionsSchema(sql: string, schema: string): boolean {
  const tokens = (sql.match(TOKEN) ?? []).filter((token) => token.trim() !== '')
  return tokens.some(
    (token, index) => tokens[index + 1] === '.' && tokens[index - 1] !== '.' && unquoted(token) === schema,
  )
}

/**
 * The text of a view as MySQL writes it, without the view's schema in front of functions. In front of tables MySQL leaves it
 * out by itself when that schema is in use.
 */
export function withoutSchemaOfFunctions(sql: string, schema: string): string {
  const tokens = sql.match(TOKEN) ?? []
  return tokens
    .filter((token, index) => {
      // MySQL writes a bracket right after the name only where it calls a function.
      const isBeforeFunction = (at: number) =>
        isName(tokens[at], schema) && tokens[at + 1] === '.' && tokens[at + 3] === '('
      return !(isBeforeFunction(index) || (token === '.' && isBeforeFunction(index - 1)))
    })
    .join('')
}

function isName(token: string | undefined, name: string): boolean {
  return token?.[0] === '`' && unquoted(token) === name
}

function unquoted(token: string): string {
  const quote = token[0]
  return quote === '`' || quote === '"' ? token.slice(1, -1).replaceAll(quote + quote, quote) : token
}
