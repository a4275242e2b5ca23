import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** The first 16 hexadecimal digits of the SHA-256 of the values, each told from its neighbour by its length. */
export function hashOf(...values: (string | Uint8Array)[]): string {
  const hash = createHash('sha256')
  for (const value of values) {
    hash.update(`${value.length}:`)
    hash.update(value)
  }
  return hash.digest('hex').slice(0, 16)
}

/** A hash over the names and contents of all files in the folders, which must exist, skipping what programs leave there. */
export async function hashOfFolders(root: string, folders: readonly string[]): Promise<string> {
  const paths = (await Promise.all(folders.map((folder) => filesBelow(root, folder)))).flat().sort()
  const contents = await Promise.all(paths.map((path) => readFile(join(root, path))))
  return hashOf(...paths.flatMap((path, index) => [path, contents[index] ?? '']))
}

const leftByPrograms = new Set(['node_modules', '__pycache__', '.terraform', 'dist'])

async function filesBelow(root: string, folder: string): Promise<string[]> {
  const entries = await readdir(join(root, folder), { withFileTypes: true })
  const nested = await Promise.all(
    entries
      .filter((entry) => !leftByPrograms.has(entry.name))
      .map((entry) => {
        const path = join(folder, entry.name)
        if (entry.isDirectory()) return filesBelow(root, path)
        return entry.isFile() && !entry.name.includes('.tfstate') ? [path] : []
      }),
  )
  return nested.flat()
}
