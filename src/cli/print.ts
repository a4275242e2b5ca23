/** Standard output belongs to the result. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`)
}

/** The result for a program. */
export function printJson(document: object): void {
  print(JSON.stringify(document, undefined, 2))
}

/** For a person, whatever the output is. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`)
}
