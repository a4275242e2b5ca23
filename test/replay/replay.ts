import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'

/** The files of the histories that were recorded. @throws where there are none */
export async function recordedHistories(): Promise<string[]> {
  const names = (await readdir(import.meta.dirname)).filter((name) => name.endsWith('.json'))
  if (names.length === 0) throw new Error(`There is no history in ${import.meta.dirname}.`)
  return names.map((name) => join(import.meta.dirname, name))
}

/** Replays histories against the workflows as they are bundled today. */
export async function replay(spans: 'untraced' | 'traced', files: readonly string[]) {
  return await execa(process.execPath, [join(import.meta.dirname, 'replay-histories.ts'), spans, ...files], {
    reject: false,
    all: true,
  })
}
