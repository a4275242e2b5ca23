import { createHash } from 'node:crypto'
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { arch } from 'node:os'
import { join } from 'node:path'
import type { GoPrograms } from './go-build.ts'
import { statePath } from './paths.ts'
import { run } from './run.ts'

/** The image of the container that holds each pod's namespaces. It holds one program. */
export const pauseReference = 'localhost/holdfast/pause:1'

/** Packs the image as an archive that `ctr images import` takes. @returns the archive's path */
export async function packPauseImage(programs: GoPrograms): Promise<string> {
  const folder = statePath('run', 'pause-image')
  await rm(folder, { recursive: true, force: true })
  await mkdir(join(folder, 'root'), { recursive: true })
  await copyFile(programs.path('pause'), join(folder, 'root', 'pause'))
  const layer = join(folder, 'layer.tar')
  await run([
    'tar',
    '--create',
    '--owner=0',
    '--group=0',
    '--file',
    layer,
    '--directory',
    join(folder, 'root'),
    'pause',
  ])
  const digest = createHash('sha256')
    .update(await readFile(layer))
    .digest('hex')
  const configuration = {
    architecture: arch() === 'arm64' ? 'arm64' : 'amd64',
    os: 'linux',
    config: { Entrypoint: ['/pause'], User: '65535:65535', WorkingDir: '/' },
    rootfs: { type: 'layers', diff_ids: [`sha256:${digest}`] },
  }
  await writeFile(join(folder, 'config.json'), JSON.stringify(configuration))
  const manifest = [{ Config: 'config.json', RepoTags: [pauseReference], Layers: ['layer.tar'] }]
  await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest))
  const archive = join(folder, 'pause.tar')
  const entries = ['manifest.json', 'config.json', 'layer.tar']
  await run(['tar', '--create', '--file', archive, '--directory', folder, ...entries])
  return archive
}
