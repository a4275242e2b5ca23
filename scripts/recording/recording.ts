import { readFile } from 'node:fs/promises'
import { z } from 'zod'

/** What a terminal showed, as asciinema writes it down: https://docs.asciinema.org/manual/asciicast/v2/. */
export interface Recording {
  readonly columns: number
  readonly rows: number
  /** What was written, in order. */
  readonly output: readonly Output[]
}

export interface Output {
  /** Since the beginning. */
  readonly seconds: number
  readonly text: string
}

const headerSchema = z.looseObject({ version: z.literal(2), width: z.int().positive(), height: z.int().positive() })
const eventSchema = z.tuple([z.number(), z.string(), z.string()])

/** @throws {ZodError} the file is no recording of asciinema's second format */
export async function readRecording(file: string): Promise<Recording> {
  const [header, ...events] = (await readFile(file, 'utf8')).trimEnd().split('\n')
  const { width, height } = headerSchema.parse(JSON.parse(header ?? ''))
  const output = events
    .map((line) => eventSchema.parse(JSON.parse(line)))
    .flatMap(([seconds, kind, text]) => (kind === 'o' ? [{ seconds, text }] : []))
  return { columns: width, rows: height, output }
}
