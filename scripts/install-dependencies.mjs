// Installs the npm packages if this clone does not have the ones that package-lock.json names. Plain JavaScript without
// packages: it runs before there are any, under whatever Node the machine has. It is a `pre` script of its own, because the
// `node` of the script after it is the one in node_modules, which may not exist before.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const installedMark = join(root, 'node_modules', '.holdfast-installed')
const wanted = createHash('sha256')
  .update(readFileSync(join(root, 'package-lock.json')))
  .digest('hex')

const isInstalled = existsSync(installedMark) && readFileSync(installedMark, 'utf8') === wanted
if (!isInstalled) {
  process.stderr.write('Installing npm packages ...\n')
  // npm's own output goes to standard error: standard output belongs to the command that follows (`--output json`).
  const npm = spawnSync('npm', ['ci', '--loglevel=error'], { cwd: root, stdio: ['ignore', 2, 2] })
  if (npm.status !== 0) {
    process.stderr.write('The npm packages could not be installed: see the lines above. Then run the command again.\n')
    process.exit(1)
  }
  writeFileSync(installedMark, wanted)
}
