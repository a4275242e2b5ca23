import { copyFile, cp, mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { cyclonedxEsbuildPlugin } from '@cyclonedx/cyclonedx-esbuild'
import { build, type Plugin } from 'esbuild'
import { builtBundleName } from '../src/worker/built-workflow-bundle.ts'
import type { Spans } from '../src/worker/spans.ts'
import { workflowBundle } from '../src/worker/workflow-bundle.ts'

const REPOSITORY = fileURLToPath(new URL('..', import.meta.url))
const DIST = join(REPOSITORY, 'dist')
const OUTPUT = join(DIST, 'worker')
const PACKAGES = join(REPOSITORY, 'node_modules')

/** Temporal's native core lies in its package by the target of the Rust compiler; container engines have other names. */
const CORES = { amd64: 'x86_64-unknown-linux-gnu', arm64: 'aarch64-unknown-linux-gnu' } as const

/** Which the report reads, beside the program that makes it. */
const STYLES = 'report.css'

/** What packages of the CommonJS kind expect, and an ES module does not have. */
const COMMONJS = [
  "import { createRequire as holdfastCreateRequire } from 'node:module'",
  'const require = holdfastCreateRequire(import.meta.url)',
  'const __dirname = import.meta.dirname',
  'const __filename = import.meta.filename',
].join('; ')

/** In the image the workflows are bundled already: neither the bundler of this repository nor Temporal's (webpack) is in it. */
const withoutBundlers: Plugin = {
  name: 'without-bundlers',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /\/workflow-bundle\.ts$/ }, () => ({
      path: join(REPOSITORY, 'src', 'worker', 'built-workflow-bundle.ts'),
    }))
    onLoad({ filter: /@temporalio\/worker\/lib\/workflow\/bundler\.js$/ }, () => ({
      contents: 'exports.defaultWorkflowInterceptorModules = []',
    }))
  },
}

/**
 * Bundles the worker into dist/worker, so that it runs by Node and no packages: the worker, the thread in which Temporal's SDK
 * runs workflows, the workflows, the program that makes the report, and a list of the packages that are in it (CycloneDX). The SDK's native core is put beside it, in
 * dist/core-<architecture>. The same sources give the same bytes.
 *
 * @throws {Error} naming file and line, if one of them cannot be bundled
 */
export async function bundleWorker(): Promise<void> {
  await rm(OUTPUT, { recursive: true, force: true })
  await mkdir(OUTPUT, { recursive: true })
  const workflows = Promise.all([bundleWorkflows('untraced'), bundleWorkflows('traced')])
  await build({
    entryPoints: {
      worker: join(REPOSITORY, 'src', 'worker.ts'),
      // A program of its own, which the worker finds beside itself.
      'make-report': join(REPOSITORY, 'src', 'worker', 'make-report.ts'),
      // Its name and its place beside the worker are how Temporal's SDK finds it.
      'workflow-worker-thread': join(PACKAGES, '@temporalio', 'worker', 'lib', 'workflow', 'workflow-worker-thread.js'),
    },
    outdir: OUTPUT,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    banner: { js: COMMONJS },
    absWorkingDir: REPOSITORY,
    minifySyntax: true,
    // Temporal's SDK tells errors apart by the names of their classes.
    keepNames: true,
    legalComments: 'none',
    logLevel: 'warning',
    external: ['./workflow-worker-thread'],
    plugins: [withoutBundlers, cyclonedxEsbuildPlugin({ outputFile: 'sbom.cdx.json', outputReproducible: true })],
  })
  await writeFile(join(OUTPUT, 'package.json'), '{"type":"module"}\n')
  await workflows
  // Read when a workflow fails, to tell its file and line.
  await copyFile(join(PACKAGES, 'source-map', 'lib', 'mappings.wasm'), join(OUTPUT, 'mappings.wasm'))
  await copyFile(join(REPOSITORY, 'src', 'report', 'page', STYLES), join(OUTPUT, STYLES))
  for (const [architecture, target] of Object.entries(CORES)) {
    const release = join('releases', target)
    const from = join(PACKAGES, '@temporalio', 'core-bridge', release)
    await cp(from, join(DIST, `core-${architecture}`, release), { recursive: true })
  }
}

async function bundleWorkflows(spans: Spans): Promise<void> {
  await writeFile(join(OUTPUT, builtBundleName(spans)), (await workflowBundle(spans)).code)
}

if (import.meta.main) await bundleWorker()
