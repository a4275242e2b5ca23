import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type BuildOptions, build } from 'esbuild'

const REPOSITORY = fileURLToPath(new URL('..', import.meta.url))
const STEPS = join(REPOSITORY, 'images', 'tools', 'steps')
const OUTPUT = join(REPOSITORY, 'dist', 'steps')

/**
 * Packages of the CommonJS kind ask for Node's modules by `require`, which an ES module does not have.
 */
const REQUIRE = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);"

/** How a program is made into one file that runs in the image of the tools. */
export const PROGRAM_OPTIONS = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  banner: { js: REQUIRE },
  absWorkingDir: REPOSITORY,
  // What a stack trace says stays readable; a pod starts quicker for what is left out.
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  logLevel: 'warning',
} satisfies BuildOptions

/**
 * Bundles each program of images/tools/steps with all that it imports into dist/steps/<step>.mjs, so that an image needs
 * Node and no packages. The same sources give the same bytes.
 *
 * @throws {Error} naming file and line, if one of them cannot be bundled
 */
export async function bundleSteps(): Promise<void> {
  const files = (await readdir(STEPS)).filter((file) => file.endsWith('.ts')).sort()
  const { outputFiles } = await build({
    entryPoints: files.map((file) => join(STEPS, file)),
    outdir: OUTPUT,
    outExtension: { '.js': '.mjs' },
    write: false,
    ...PROGRAM_OPTIONS,
  })
  await mkdir(OUTPUT, { recursive: true })
  await Promise.all(outputFiles.map(({ path, contents }) => replaceFile(path, contents)))
  const current = new Set(outputFiles.map(({ path }) => path))
  const stale = (await readdir(OUTPUT))
    .map((file) => join(OUTPUT, file))
    .filter((path) => path.endsWith('.mjs') && !current.has(path))
  await Promise.all(stale.map((path) => rm(path, { force: true })))
}

/** Whoever reads the file meanwhile, an image's build for one, reads the old one or the new one. */
async function replaceFile(path: string, contents: Uint8Array): Promise<void> {
  const unfinished = `${path}.${process.pid}`
  await writeFile(unfinished, contents)
  await rename(unfinished, path)
}

if (import.meta.main) await bundleSteps()
