let quiet = false

/** Whether nothing is to be said from now on but results, and what went wrong. */
export function setQuiet(isWanted: boolean): void {
  quiet = isWanted
}

export function isQuiet(): boolean {
  return quiet
}

/** Standard output belongs to the result. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`)
}

/** The result for a program. */
export function printJson(document: object): void {
  print(JSON.stringify(document, undefined, 2))
}

/** For a person, whatever the output is, unless nothing is to be said. */
export function say(line: string): void {
  if (!quiet) complain(line)
}

/** What went wrong: for a person, in any case. */
export function complain(line: string): void {
  process.stderr.write(`${line}\n`)
}
