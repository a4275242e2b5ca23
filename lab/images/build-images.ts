import { access, mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from '../run.ts'
import { findProviderMirror } from '../terraform/provider-mirror.ts'
import { type BaseImage, baseImages, ensureBaseImages } from './base-images.ts'
import { type Buildah, withBuildah } from './buildah.ts'
import { contentKey } from './content-key.ts'

/** An image, ready for `ctr images import`. */
export type BuiltImage = {
  name: 'tools' | 'terraform' | 'mysql' | 'worker'
  /** What pods call it. Its tag follows from everything that went in. */
  reference: string
  /** A docker-archive on this machine. */
  archive: string
}

export type BuildImagesOptions = {
  /** Kept between runs and clones: layers and archives. */
  cacheDirectory: string
  /** The root of this repository. */
  repository: string
  log: (line: string) => void
}

export type ImageSource = {
  name: BuiltImage['name']
  dockerfile: string
  /** Whatever the Dockerfile copies, relative to the repository. */
  copies: readonly string[]
  /** What its build sees besides, as `buildah bud --volume` has it. */
  volumes?: readonly string[]
}

const IMAGES: readonly ImageSource[] = [
  { name: 'tools', dockerfile: 'images/tools/Dockerfile', copies: ['dist/steps'] },
  {
    name: 'terraform',
    dockerfile: 'images/terraform/Dockerfile',
    copies: ['terraform/storage', 'dist/steps/provision.mjs'],
  },
  {
    name: 'mysql',
    dockerfile: 'lab/images/mysql/Dockerfile',
    copies: ['lab/images/mysql/my.cnf', 'lab/images/mysql/entrypoint.sh'],
  },
]

/** Archives kept of each image, so that going back and forth between two clones builds nothing. */
const ARCHIVES_KEPT = 2

/** Terraform looks here for providers by itself, so a mirror of this machine is shown to it here during the build. */
const MIRROR_IN_BUILD = '/usr/local/share/terraform/plugins'

/**
 * Builds the images from their Dockerfiles, without any registry: what they are based on is made here from Debian packages
 * and the machine's Terraform. What is cached is not built again; a changed step's program costs its own last layer.
 *
 * @throws an error with the last lines of the tool that failed, or that names the Debian package that is missing.
 */
export async function buildImages(options: BuildImagesOptions): Promise<BuiltImage[]> {
  // The same as `npm run build`, in a process of its own: this one need not hold a bundler.
  await run([process.execPath, join(options.repository, 'scripts/bundle-steps.ts')])
  return await ensureImages(IMAGES, await baseImages(), options)
}

/**
 * Builds those of these images that are not in the cache.
 *
 * @param bases all that their Dockerfiles name in FROM
 * @throws as `buildImages` does
 */
export async function ensureImages(
  sources: readonly ImageSource[],
  bases: readonly BaseImage[],
  options: BuildImagesOptions,
): Promise<BuiltImage[]> {
  const archives = join(options.cacheDirectory, 'images')
  await mkdir(archives, { recursive: true })
  const baseKeys = bases.map((image) => image.key)
  const images = await Promise.all(
    sources.map(async (source) => ({ source, image: await describe(source, baseKeys, archives, options.repository) })),
  )
  const missing: typeof images = []
  for (const each of images) if (!(await exists(each.image.archive))) missing.push(each)
  if (missing.length > 0) {
    await withBuildah(join(options.cacheDirectory, 'buildah'), options.log, async (buildah) => {
      await ensureBaseImages(bases, buildah, options.cacheDirectory, options.log)
      for (const { source, image } of missing) await build(buildah, source, image, options)
    })
    for (const { name } of sources) await removeOldArchives(name, archives)
  }
  return images.map(({ image }) => image)
}

async function describe(
  source: ImageSource,
  baseKeys: readonly string[],
  archives: string,
  repository: string,
): Promise<BuiltImage> {
  const key = await contentKey(repository, baseKeys, [source.dockerfile, ...source.copies])
  return {
    name: source.name,
    reference: `localhost/holdfast/${source.name}:${key}`,
    archive: join(archives, `${source.name}-${key}.tar`),
  }
}

async function build(
  buildah: Buildah,
  { dockerfile, volumes = [] }: ImageSource,
  image: BuiltImage,
  options: BuildImagesOptions,
): Promise<void> {
  const mirror = await findProviderMirror()
  const mounted = mirror === undefined ? volumes : [...volumes, `${mirror}:${MIRROR_IN_BUILD}:ro`]
  const volume = mounted.flatMap((each) => ['--volume', each])
  options.log(`building ${image.reference}`)
  const file = join(options.repository, dockerfile)
  await buildah(['bud', '--layers', ...volume, '--tag', image.reference, '--file', file, options.repository])
  // Under another name first: an archive that is there is whole.
  const part = `${image.archive}.part`
  await rm(part, { force: true })
  await buildah(['push', image.reference, `docker-archive:${part}:${image.reference}`])
  await rename(part, image.archive)
}

async function removeOldArchives(name: string, archives: string): Promise<void> {
  const files = (await readdir(archives)).filter((file) => file.startsWith(`${name}-`) && file.endsWith('.tar'))
  const dated = await Promise.all(
    files.map(async (file) => ({ file, written: (await stat(join(archives, file))).mtimeMs })),
  )
  dated.sort((a, b) => b.written - a.written)
  for (const { file } of dated.slice(ARCHIVES_KEPT)) await rm(join(archives, file), { force: true })
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
