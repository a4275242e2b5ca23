import { quoteName } from '../mysql/connection.ts'

/**
 * The form of the files that hold a schema's objects: SQL for MySQL's command line client, one delimiter for the whole file
 * that stands in none of its statements. So the statements can be told apart again without knowing SQL.
 */
export function renderScript(statements: readonly string[]): string {
  let delimiter = '$$'
  while (statements.some((sql) => sql.includes(delimiter))) delimiter += '$'
  const body = statements.map((sql) => `${sql}\n${delimiter}\n`).join('')
  return `DELIMITER ${delimiter}\n${body}DELIMITER ;\n`
}

/** The statements of a script. @throws {Error} if it is not one of {@link renderScript} */
export function parseScript(script: string): string[] {
  const delimiter = /^DELIMITER (\$\$+)\n/.exec(script)?.[1]
  const end = 'DELIMITER ;\n'
  if (delimiter === undefined || !script.endsWith(end)) throw new Error('This is no script of a schema’s objects.')
  const body = script.slice(`DELIMITER ${delimiter}\n`.length, -end.length)
  const statements = body.split(`\n${delimiter}\n`)
  if (statements.pop() !== '') throw new Error('The script of a schema’s objects breaks off.')
  return statements
}

/** A name as MySQL reads it: in backticks, in double quotes, or bare. */
export const NAME = '(?:`(?:[^`]|``)+`|"(?:[^"]|"")+"|[\\w$\\u0080-\\uffff]+)'
/** The name of an account. */
export const ACCOUNT_NAME = `${NAME}@${NAME}`
/** In whose name an object is made, as `SHOW CREATE` writes it. */
export const DEFINER = `DEFINER\\s*=\\s*${ACCOUNT_NAME}`
const DEFINER_PARTS = new RegExp(`DEFINER\\s*=\\s*(${NAME})@(${NAME})`, 'i')

/** What stands before the definer of any object. */
const BEFORE_DEFINER = '^((?:CREATE|ALTER)(?: OR REPLACE)?(?: ALGORITHM\\s*=\\s*\\w+)?\\s+)'

/**
 * The statement without its definer: whoever runs it becomes that. An object that is restored under another schema's name would
 * otherwise have the rights of its old definer, to which the old schema belongs.
 */
export function withoutDefiner(statement: string): string {
  return statement.replace(new RegExp(`${BEFORE_DEFINER}${DEFINER}\\s+`, 'i'), '$1')
}

/** The definer that a statement names, as SQL has it: in backticks, though the statement's SQL mode may ask for quotes. */
export function definerOf(statement: string): string {
  const [, user, host] = DEFINER_PARTS.exec(statement) ?? []
  if (user === undefined || host === undefined) return ''
  return `${quoteName(unquoteName(user))}@${quoteName(unquoteName(host))}`
}

function unquoteName(name: string): string {
  const quote = name[0]
  if (quote !== '`' && quote !== '"') return name
  return name.slice(1, -1).replaceAll(quote + quote, quote)
}
