import { access, mkdir, readFile, rename, rm } from 'node:fs/promises'
import { arch } from 'node:os'
import { basename, join } from 'node:path'
import { withFileLock } from './file-lock.ts'
import { ensureGo, type GoTool } from './go-tool.ts'
import { hashOf, hashOfFolders } from './hashes.ts'
import { LabError } from './lab-error.ts'
import { cacheDirectory, repository } from './paths.ts'
import { run } from './run.ts'

/** Where the programs of a module lie, by their names. */
export type GoPrograms = { path: (program: string) => string }

type Log = (line: string) => void

export type GoModule = {
  /** Folder of the module in the repository. */
  folder: string
  /** Import paths of the main packages, and what each program is called. */
  programs: Record<string, string>
  linkerFlags: string
}

/**
 * Kubernetes with its etcd, and the lab's own small programs, all from one module.
 *
 * @param packages waited for only if Go itself has to be fetched
 */
export async function buildKubernetes(log: Log, packages: Promise<unknown>): Promise<GoPrograms> {
  return buildGoModule(
    {
      folder: 'lab/kubernetes',
      programs: {
        'k8s.io/kubernetes/cmd/kube-apiserver': 'kube-apiserver',
        'k8s.io/kubernetes/cmd/kube-controller-manager': 'kube-controller-manager',
        'k8s.io/kubernetes/cmd/kube-proxy': 'kube-proxy',
        'k8s.io/kubernetes/cmd/kube-scheduler': 'kube-scheduler',
        'k8s.io/kubernetes/cmd/kubectl': 'kubectl',
        'k8s.io/kubernetes/cmd/kubelet': 'kubelet',
        './cmd/pause': 'pause',
        './cmd/volume-provisioner': 'volume-provisioner',
        // The program is called after its folder, which is no name for it.
        'go.etcd.io/etcd/server/v3': 'etcd',
      },
      linkerFlags: versionFlags(await kubernetesVersion()),
    },
    log,
    packages,
  )
}

/** CoreDNS, a module of its own: it needs other versions of Kubernetes' libraries. */
export async function buildCoreDns(log: Log, packages: Promise<unknown>): Promise<GoPrograms> {
  return buildGoModule({ folder: 'lab/coredns', programs: { '.': 'coredns' }, linkerFlags: '' }, log, packages)
}

/** The version of Kubernetes that the module pins, as `1.34.4`. */
export async function kubernetesVersion(): Promise<string> {
  const goMod = await readFile(join(repository, 'lab/kubernetes/go.mod'), 'utf8')
  const version = /k8s\.io\/kubernetes v(\S+)/.exec(goMod)?.[1]
  if (!version) throw new LabError('lab/kubernetes/go.mod requires no k8s.io/kubernetes, so there is nothing to build.')
  return version
}

/** Without these a program says v0.0.0, which clients refuse to parse. */
function versionFlags(version: string): string {
  const [major, minor] = version.split('.')
  const variable = 'k8s.io/component-base/version'
  return `-X ${variable}.gitVersion=v${version} -X ${variable}.gitMajor=${major} -X ${variable}.gitMinor=${minor}`
}

/**
 * Builds the programs that a module pins, unless the cache has them.
 *
 * @param packages waited for only if Go itself has to be fetched
 */
export async function buildGoModule(
  module: GoModule,
  log: Log,
  packages: Promise<unknown> = Promise.resolve(),
): Promise<GoPrograms> {
  const sources = await hashOfFolders(repository, [module.folder])
  const key = hashOf(sources, JSON.stringify(module), arch())
  const folder = join(cacheDirectory(), `go-${basename(module.folder)}-${key}`)
  await withFileLock(`${folder}.lock`, async () => {
    if (await exists(folder)) return
    const unfinished = `${folder}.unfinished`
    await rm(unfinished, { recursive: true, force: true })
    await mkdir(unfinished, { recursive: true })
    await compile(await ensureGo(log, packages), module, unfinished, log)
    await rename(unfinished, folder)
  })
  return { path: (program) => join(folder, program) }
}

async function compile(go: GoTool, module: GoModule, target: string, log: Log): Promise<void> {
  const options = {
    directory: join(repository, module.folder),
    environment: { CGO_ENABLED: '0', ...go.environment },
    log,
  }
  const flags = ['-trimpath', '-ldflags', `-s -w ${module.linkerFlags}`]
  for (const [output, packages] of outputs(module, target)) {
    log(`building ${packages.join(' ')}`)
    await run([go.program, 'build', ...flags, '-o', output, ...packages], options)
  }
}

/** One call builds all programs that are named after their packages; each other one takes a call. */
function outputs(module: GoModule, target: string): [string, string[]][] {
  const entries = Object.entries(module.programs)
  const together = entries.filter(([path, name]) => path.endsWith(`/${name}`)).map(([path]) => path)
  const alone = entries.filter(([path]) => !together.includes(path))
  const first: [string, string[]][] = together.length > 0 ? [[`${target}/`, together]] : []
  return [...first, ...alone.map(([path, name]): [string, string[]] => [join(target, name), [path]])]
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
