import { parseArgs } from 'node:util'
import { execa } from 'execa'
import { parseAllDocuments } from 'yaml'
import { repository } from '../lab/paths.ts'
import { type DebugSettings, withSettings } from './just/debug-pod.ts'

/**
 * Applies the debug pod of manifests/debug, or removes it. What it says goes to standard error. On EKS, the CSI driver that mounts the
 * bucket is installed by helm, and removed by it.
 */
const OVERLAYS = {
  lab: { folder: 'manifests/debug/lab', namespace: 'veloxpack' },
  current: { folder: 'manifests/debug/eks', namespace: 's3-test' },
} as const

/** https://github.com/veloxpack/csi-driver-rclone/releases */
const DRIVER = { chart: 'oci://ghcr.io/veloxpack/charts/csi-driver-rclone', version: '0.5.0' }

const READY_SECONDS = 120

try {
  const { positionals } = parseArgs({ allowPositionals: true })
  if (positionals[0] === 'remove') await removePod()
  else await applyPod()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}

async function applyPod(): Promise<void> {
  const settings = debugSettings()
  const { folder, namespace } = overlay()
  if (process.env.HOLDFAST_CLUSTER === 'current') await installDriver()
  // One pod cannot be changed into another.
  await kubectl(['--namespace', namespace, 'delete', 'pod', 'debug', '--ignore-not-found'])
  const { stdout } = await execa('kubectl', ['kustomize', folder], { cwd: repository })
  const items = parseAllDocuments(stdout).map((document) => withSettings(document.toJS(), settings))
  await kubectl(['apply', '--filename', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items }))
  await awaitReady(namespace)
  console.error(`The bucket ${settings.bucket} at /mnt/s3:`)
  await kubectl(['--namespace', namespace, 'exec', 'debug', '--', 'ls', '/mnt/s3'])
  console.error(`A shell beside it: just -c kubectl exec -it debug -n ${namespace} -- sh`)
}

async function awaitReady(namespace: string): Promise<void> {
  const wait = ['wait', '--for=condition=Ready', 'pod/debug', `--timeout=${READY_SECONDS}s`]
  await kubectl(['--namespace', namespace, ...wait]).catch(async () => {
    await kubectl(['--namespace', namespace, 'describe', 'pod', 'debug'])
    throw new Error(`The debug pod is not ready after ${READY_SECONDS} s. docs/debug-pod.md says where to look.`)
  })
}

async function removePod(): Promise<void> {
  const { folder } = overlay()
  await kubectl(['delete', '--kustomize', folder, '--ignore-not-found'])
  if (process.env.HOLDFAST_CLUSTER !== 'current') return
  await told('helm', ['uninstall', 'csi-rclone', '--namespace', 'veloxpack', '--ignore-not-found', '--wait'])
}

async function installDriver(): Promise<void> {
  const { chart, version } = DRIVER
  const where = ['--namespace', 'veloxpack', '--create-namespace', '--values', 'manifests/debug/eks/driver-values.yaml']
  await told('helm', ['upgrade', '--install', 'csi-rclone', chart, '--version', version, ...where, '--wait'])
}

/** @throws {Error} where nothing runs that is meant by it: it must not reach another cluster, which the shell may know */
function overlay(): (typeof OVERLAYS)[keyof typeof OVERLAYS] {
  if (process.env.HOLDFAST_CLUSTER === 'current') return OVERLAYS.current
  if (process.env.HOLDFAST_LAB_VARIABLES) return OVERLAYS.lab
  throw new Error('The lab is not up: just lab-up, or just s3-test, which makes a backup as well.')
}

function debugSettings(): DebugSettings {
  return { bucket: given('HOLDFAST_BUCKET'), region: given('AWS_REGION'), image: given('HOLDFAST_TOOLS_IMAGE') }
}

function given(name: string): string {
  const value = process.env[name]
  if (!value) throw new Error(`${name} is not set: .env.example says what it is.`)
  return value
}

async function kubectl(args: readonly string[], input?: string): Promise<void> {
  await told('kubectl', args, input)
}

/** Runs a program whose output is for the person who waits. */
async function told(program: string, args: readonly string[], input?: string): Promise<void> {
  await execa(program, args, { cwd: repository, stdout: 2, stderr: 2, ...(input !== undefined && { input }) })
}
