import { readFile } from 'node:fs/promises'
import { isMap, isScalar, LineCounter, type Node, parseDocument } from 'yaml'
import { InputError } from './input-error.ts'

/** A file of YAML, which JSON is too. */
export interface YamlFile {
  readonly value: unknown
  /** The line of a value, or of the nearest that is around it, counted from 1. */
  lineOf(path: readonly PropertyKey[]): number
}

/** @throws {InputError} naming file and line where it cannot be read */
export async function readYamlFile(file: string): Promise<YamlFile> {
  const text = await readFile(file, 'utf8').catch((error: Error) => {
    throw new InputError(`${file}: ${error.message}`)
  })
  return parseYaml(file, text)
}

/** @param file for the messages @throws {InputError} */
export function parseYaml(file: string, text: string): YamlFile {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const [error] = document.errors
  if (error) throw new InputError(`${file}:${lines.linePos(error.pos[0]).line}: ${error.message}`)
  return {
    value: document.toJS() ?? undefined,
    lineOf: (path) => lines.linePos(startOf(document.contents, path)).line,
  }
}

/** Where a value begins: at its key, which may stand on an earlier line. */
function startOf(node: Node | null, path: readonly PropertyKey[]): number {
  const [key, ...rest] = path
  const pair = isMap(node) ? node.items.find((item) => isScalar(item.key) && item.key.value === key) : undefined
  if (!pair || !isScalar(pair.key)) return node?.range?.[0] ?? 0
  const inner = rest.length > 0 && isMap(pair.value) ? startOf(pair.value, rest) : undefined
  return inner ?? pair.key.range?.[0] ?? 0
}
