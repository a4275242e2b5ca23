import { createHash } from 'node:crypto'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join, relative } from 'node:path'

/** How many hexadecimal digits of a hash name an image or a cached file. */
const KEY_LENGTH = 16

/**
 * A name for what a build takes in: the same inputs give the same key, on any machine and in any clone.
 *
 * @param words Everything else that decides the result: versions, options, keys of what it is built on.
 * @param paths Files and folders, taken with their contents, their names below `root` and their executable bit.
 *   A path that is not there counts as such.
 */
export async function contentKey(root: string, words: readonly string[], paths: readonly string[]): Promise<string> {
  const hash = createHash('sha256')
  hash.update(JSON.stringify(words))
  for (const path of paths) {
    for (const file of await filesUnder(join(root, path))) {
      const executable = ((await stat(file)).mode & 0o100) !== 0
      const content = await readFile(file)
      hash.update(JSON.stringify([relative(root, file), executable, content.length]))
      hash.update(content)
    }
  }
  return hash.digest('hex').slice(0, KEY_LENGTH)
}

async function filesUnder(path: string): Promise<string[]> {
  const found = await stat(path).catch(() => undefined)
  if (found === undefined) return []
  if (!found.isDirectory()) return [path]
  const entries = await readdir(path, { recursive: true, withFileTypes: true })
  return (
    entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      // What `terraform init` leaves beside a configuration: .dockerignore keeps it out of images, too.
      .filter((file) => !file.includes('/.terraform/'))
      .sort()
  )
}
