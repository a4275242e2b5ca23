import { copyFile, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { run } from '../run.ts'
import { type BaseImage, type BaseImageContext, baseImages, DEBIAN_KEYS, debianMirror } from './base-images.ts'
import { type BuildImagesOptions, type BuiltImage, ensureImages } from './build-images.ts'
import { contentKey } from './content-key.ts'

/** Where packages stand in the build: the clone's own, so that none is downloaded. */
const PACKAGES_IN_BUILD = '/holdfast/node_modules'

const COPIES = ['package.json', 'package-lock.json', 'scripts/bundle-worker.ts', 'src', 'manifests']

/** What `gcr.io/distroless/cc-debian12` consists of: Debian's packages, unpacked, without what would install others. */
const DISTROLESS_OPTIONS = [
  '--variant=extract',
  '--mode=root',
  '--aptopt=Acquire::Languages "none"',
  ...['doc', 'info', 'locale', 'man', 'perl5', 'bash-completion'].map(
    (folder) => `--dpkgopt=path-exclude=/usr/share/${folder}/*`,
  ),
  '--include=base-files,ca-certificates,libc6,libstdc++6,netbase',
  '--extract-hook=cat "$1"/usr/share/ca-certificates/mozilla/*.crt > "$1"/etc/ssl/certs/ca-certificates.crt',
  '--extract-hook=echo "nonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin" > "$1"/etc/passwd',
  '--extract-hook=echo "nonroot:x:65532:" > "$1"/etc/group',
]

const packageSchema = z.object({ dependencies: z.object({ node: z.string() }) })

/**
 * Builds the worker's image, where it is not in the cache. Not one of those that the lab begins with: only who runs a worker in the
 * cluster waits for it.
 *
 * @throws as `buildImages` does
 */
export async function buildWorkerImage(options: BuildImagesOptions): Promise<BuiltImage> {
  const volumes = [`${join(options.repository, 'node_modules')}:${PACKAGES_IN_BUILD}:ro`]
  const source = { name: 'worker', dockerfile: 'images/worker/Dockerfile', copies: COPIES, volumes } as const
  const [image] = await ensureImages([source], await workerBaseImages(options.repository), options)
  if (image === undefined) throw new Error('no image was asked for')
  return image
}

/** Debian as the other images have it is what Node's image is made of here. */
async function workerBaseImages(repository: string): Promise<BaseImage[]> {
  const { dependencies } = packageSchema.parse(JSON.parse(await readFile(join(repository, 'package.json'), 'utf8')))
  const node = {
    name: `docker.io/library/node:${dependencies.node}-bookworm-slim`,
    key: await contentKey('/', [dependencies.node, process.arch], []),
    prepare: prepareNode,
  }
  const distroless = {
    name: 'gcr.io/distroless/cc-debian12:nonroot',
    key: await contentKey('/', [...DISTROLESS_OPTIONS, process.arch], []),
    prepare: prepareDistroless,
  }
  return [...(await baseImages()).filter(({ name }) => name.includes('/debian:')), node, distroless]
}

async function prepareNode({ directory }: BaseImageContext): Promise<void> {
  await copyFile(process.execPath, join(directory, 'node'))
  await writeFile(
    join(directory, 'Dockerfile'),
    'FROM docker.io/library/debian:sid-slim\nCOPY --chmod=755 node /usr/local/bin/node\n',
  )
}

async function prepareDistroless({ directory, log }: BaseImageContext): Promise<void> {
  const root = join(directory, 'root.tar')
  const source = `deb [signed-by=${DEBIAN_KEYS}] ${await debianMirror()} bookworm main`
  await run(['mmdebstrap', ...DISTROLESS_OPTIONS, 'bookworm', root, source], { log })
  await writeFile(join(directory, 'Dockerfile'), 'FROM scratch\nADD root.tar /\nUSER 65532:65532\n')
}
