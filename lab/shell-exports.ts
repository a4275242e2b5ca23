import { dirname } from 'node:path'

/**
 * Lines for a shell that export these variables, and put the folders of these programs first on its path.
 *
 * @param programs absolute paths
 */
export function shellExports(variables: Readonly<Record<string, string>>, programs: readonly string[]): string {
  const folders = [...new Set(programs.map((program) => dirname(program)))]
  return [
    ...Object.entries(variables).map(([name, value]) => `export ${name}=${quoted(value)}`),
    `export PATH=${quoted(`${folders.join(':')}:`)}"$PATH"`,
  ].join('\n')
}

/** As a word for a POSIX shell, in which nothing but the quote itself means anything. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
