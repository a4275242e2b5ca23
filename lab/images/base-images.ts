import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LabError } from '../lab-error.ts'
import { run } from '../run.ts'
import { TERRAFORM_VERSION, terraformBinary } from '../terraform/terraform-binary.ts'
import type { Buildah } from './buildah.ts'
import { contentKey } from './content-key.ts'

/** An image that a Dockerfile names in FROM, made here under the name that it has on Docker Hub. */
export type BaseImage = {
  /** As the Dockerfile names it. */
  name: string
  /** Changes when this program would make it otherwise. */
  key: string
  /** Puts what the image consists of into a folder with a Dockerfile. */
  prepare: (context: BaseImageContext) => Promise<void>
}

export type BaseImageContext = { directory: string; cacheDirectory: string; log: (line: string) => void }

export const DEBIAN_KEYS = '/usr/share/keyrings/debian-archive-keyring.gpg'

const DEBIAN_OPTIONS = [
  '--variant=apt',
  '--mode=root',
  // Sid's mirrors serve a Release file past its date at times. Its signature is checked all the same.
  '--aptopt=Acquire::Check-Valid-Until "false"',
  '--aptopt=Acquire::Languages "none"',
  ...['doc', 'info', 'locale', 'man'].map((folder) => `--dpkgopt=path-exclude=/usr/share/${folder}/*`),
]

/** The base images of what Jobs run in. */
export async function baseImages(): Promise<BaseImage[]> {
  return [
    {
      name: 'docker.io/library/debian:sid-slim',
      key: await contentKey('/', [...DEBIAN_OPTIONS, process.arch], []),
      prepare: prepareDebian,
    },
    {
      name: `docker.io/hashicorp/terraform:${TERRAFORM_VERSION}`,
      key: await contentKey('/', [TERRAFORM_VERSION, process.arch], []),
      prepare: prepareTerraform,
    },
  ]
}

/** Makes the base images that are not in buildah's store yet, or that were made otherwise. */
export async function ensureBaseImages(
  images: readonly BaseImage[],
  buildah: Buildah,
  cacheDirectory: string,
  log: (line: string) => void,
): Promise<void> {
  for (const image of images) {
    const keyed = `localhost/holdfast/base:${image.key}`
    // Those before it may be what it is made of.
    const there = await buildah(['images', '--quiet', '--filter', `reference=${keyed}`])
    if (there.trim() === '') await makeBaseImage(buildah, image, keyed, cacheDirectory, log)
    await buildah(['tag', keyed, image.name])
  }
}

async function makeBaseImage(
  buildah: Buildah,
  image: BaseImage,
  keyed: string,
  cacheDirectory: string,
  log: (line: string) => void,
): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'holdfast-base-'))
  try {
    await image.prepare({ directory, cacheDirectory, log })
    await buildah(['bud', '--layers', '--tag', keyed, directory])
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

async function prepareDebian({ directory, log }: BaseImageContext): Promise<void> {
  const root = join(directory, 'root.tar')
  const source = `deb [signed-by=${DEBIAN_KEYS}] ${await debianMirror()} sid main`
  await run(['mmdebstrap', ...DEBIAN_OPTIONS, 'sid', root, source], { log })
  await writeFile(join(directory, 'Dockerfile'), 'FROM scratch\nADD root.tar /\nCMD ["bash"]\n')
}

/** The mirror that this machine's own apt uses for Debian, whichever it is. @throws LabError where it uses none */
export async function debianMirror(): Promise<string> {
  const mirrors = await run([
    'apt-get',
    'indextargets',
    '--format',
    '$(REPO_URI)',
    'Created-By: Packages',
    'Label: Debian',
  ])
  const mirror = mirrors.split('\n').find((line) => line !== '')
  if (mirror === undefined)
    throw new LabError('apt knows no mirror of Debian: look at /etc/apt, then run apt-get update')
  return mirror
}

async function prepareTerraform({ directory, cacheDirectory, log }: BaseImageContext): Promise<void> {
  await copyFile(await terraformBinary(cacheDirectory, log), join(directory, 'terraform'))
  await writeFile(
    join(directory, 'Dockerfile'),
    'FROM scratch\nCOPY --chmod=755 terraform /bin/terraform\nENTRYPOINT ["/bin/terraform"]\n',
  )
}
