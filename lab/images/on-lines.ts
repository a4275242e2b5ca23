import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'

/** Calls `log` with each line of a program's output as it comes, empty ones left out. */
export function onLines(stream: Readable, log: (line: string) => void): void {
  createInterface({ input: stream }).on('line', (line) => {
    if (line.trim() !== '') log(line)
  })
}
