import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Writes a file whole or not at all, and not if it has this text already. Folders on the way are made. */
export async function writeIfChanged(path: string, text: string, mode = 0o644): Promise<void> {
  const now = await readFile(path, 'utf8').catch(() => undefined)
  if (now === text) return
  await mkdir(dirname(path), { recursive: true })
  await writeFile(`${path}.new`, text, { mode })
  await chmod(`${path}.new`, mode)
  await rename(`${path}.new`, path)
}

/** Writes a value as a JSON file: most of the lab's programs read JSON where they read YAML. */
export async function writeJson(path: string, value: unknown, mode = 0o644): Promise<void> {
  await writeIfChanged(path, `${JSON.stringify(value, undefined, 2)}\n`, mode)
}
