import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const REPOSITORY = fileURLToPath(new URL('..', import.meta.url))
const STEPS = join(REPOSITORY, 'images', 'tools', 'steps')
const OUTPUT = join(REPOSITORY, 'dist', 'steps')

/**
 * Packages of the CommonJS kind ask for Node's modules by `require`, which an ES module does not have.
 */
const REQUIRE = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);"

/**
 * Bundles each program of images/tools/steps with all that it imports into dist/steps/<step>.mjs, so that an image needs
 * Node and no packages. The same sources give the same bytes.
 *
 * @throws {Error} naming file and line, if one of them cannot be bundled
 */
export async function bundleSteps(): Promise<void> {
  const files = (await readdir(STEPS)).filter((file) => file.endsWith('.ts')).sort()
  await rm(OUTPUT, { recursive: true, force: true })
  await build({
    entryPoints: files.map((file) => join(STEPS, file)),
    outdir: OUTPUT,
    outExtension: { '.js': '.mjs' },
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
  })
}

if (import.meta.main) await bundleSteps()
