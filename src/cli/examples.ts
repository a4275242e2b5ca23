/** What `--help` shows of a command at its end: how it is typed. @param commands without the program's name */
export function examples(...commands: readonly string[]): string {
  return ['', 'Examples:', ...commands.map((command) => `  holdfast ${command}`)].join('\n')
}
