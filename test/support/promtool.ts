import { access, mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { withFileLock } from '../../lab/file-lock.ts'
import { cacheDirectory } from '../../lab/paths.ts'
import { run } from '../../lab/run.ts'

/** The Debian package that carries it. It is not installed: that would start a Prometheus. */
const PACKAGE = 'prometheus'

/**
 * The path of Prometheus' own checker of rules, as Debian has it. It is fetched once, and kept outside of the clone.
 *
 * @throws LabError on a system without apt
 */
export async function ensurePromtool(): Promise<string> {
  const program = join(cacheDirectory(), 'promtool')
  // apt waits for its own locks only while it installs: the same lock as in lab/debian-packages.ts.
  await withFileLock(join(cacheDirectory(), 'debian-packages.lock'), async () => {
    if (await isThere(program)) return
    const scratch = await mkdtemp(`${program}-`)
    const options = { directory: scratch }
    await run(['apt-get', 'update', '--quiet'], options)
    await run(['apt-get', 'download', '--quiet', '-o', 'APT::Sandbox::User=root', PACKAGE], options)
    const [archive = ''] = await readdir(scratch)
    await run(['dpkg-deb', '--extract', archive, 'unpacked'], options)
    await rename(join(scratch, 'unpacked', 'usr', 'bin', 'promtool'), program)
    await rm(scratch, { recursive: true })
  })
  return program
}

async function isThere(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  )
}
