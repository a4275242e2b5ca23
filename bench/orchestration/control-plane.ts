import { generateKeyPairSync } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { BatchV1Api, CoreV1Api, KubeConfig, KubernetesObjectApi, VersionApi, Watch } from '@kubernetes/client-node'
import type { GoPrograms } from '../../lab/go-build.ts'
import type { Kubernetes } from '../../src/kubernetes/kubernetes-client.ts'
import { freePort, type Processes } from './processes.ts'

/** The administrator, and whoever the worker is: not of a group that the API server's fair queueing leaves out. */
export const TOKENS = { admin: 'bench-admin', worker: 'bench-worker' } as const

/** The folder of the API server's certificate, below that of all data. */
export const CERTIFICATES = 'certificates'

const READY_MILLISECONDS = 60_000

/** A Kubernetes without a kubelet: its API server, and the controllers that make pods of Jobs and give them a node. */
export interface ControlPlane {
  readonly url: string
  /** The administrator's kubeconfig. */
  readonly kubeconfig: string
  readonly kubernetes: Kubernetes
}

/**
 * Starts a control plane of the lab's own programs on free ports of the loopback address, with its data in a folder. The
 * lab's own cluster is left alone: its Job controller may make 20 requests a second, and hundreds of Jobs at once would hold
 * up everybody else's for minutes. This one may make 500.
 */
export async function startControlPlane(
  programs: GoPrograms,
  directory: string,
  processes: Processes,
): Promise<ControlPlane> {
  const etcd = await startEtcd(programs, directory, processes)
  const keys = await writeKeys(directory)
  const url = await startApiServer(programs, directory, processes, etcd, keys)
  const kubeconfig = await writeKubeconfig(directory, 'admin', url, TOKENS.admin)
  const kubernetes = clients(kubeconfig)
  await waitUntilReady(kubernetes, processes)
  await letWorkerIn(kubernetes)
  await startControllers(programs, processes, kubeconfig, keys)
  await startScheduler(programs, directory, processes, kubeconfig)
  return { url, kubeconfig, kubernetes }
}

/** Writes a kubeconfig with a token and returns its path. Its TLS is of the loopback address and is not verified. */
export async function writeKubeconfig(directory: string, name: string, url: string, token: string): Promise<string> {
  const path = join(directory, `kubeconfig-${name}`)
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'bench', cluster: { server: url, 'insecure-skip-tls-verify': true } }],
    users: [{ name, user: { token } }],
    contexts: [{ name: 'bench', context: { cluster: 'bench', user: name } }],
    'current-context': 'bench',
  }
  await writeFile(path, JSON.stringify(config), { mode: 0o600 })
  return path
}

async function startEtcd(programs: GoPrograms, directory: string, processes: Processes): Promise<string> {
  const client = `http://127.0.0.1:${await freePort()}`
  const peer = `http://127.0.0.1:${await freePort()}`
  await processes.start('etcd', programs.path('etcd'), [
    `--data-dir=${join(directory, 'etcd')}`,
    `--listen-client-urls=${client}`,
    `--advertise-client-urls=${client}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=default=${peer}`,
    '--log-level=warn',
  ])
  return client
}

interface Keys {
  readonly publicKey: string
  readonly privateKey: string
}

/** The keys of the service accounts' tokens. */
async function writeKeys(directory: string): Promise<Keys> {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const paths = { publicKey: join(directory, 'tokens.pub'), privateKey: join(directory, 'tokens.key') }
  await writeFile(paths.publicKey, publicKey.export({ type: 'spki', format: 'pem' }))
  await writeFile(paths.privateKey, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 })
  return paths
}

async function startApiServer(
  programs: GoPrograms,
  directory: string,
  processes: Processes,
  etcd: string,
  keys: Keys,
): Promise<string> {
  const port = await freePort()
  const tokens = join(directory, 'tokens.csv')
  const users = [
    `${TOKENS.admin},admin,admin,system:masters`,
    `${TOKENS.worker},holdfast-worker,holdfast-worker,workers`,
  ]
  await writeFile(tokens, `${users.join('\n')}\n`, { mode: 0o600 })
  await processes.start('kube-apiserver', programs.path('kube-apiserver'), [
    '--bind-address=127.0.0.1',
    '--advertise-address=127.0.0.1',
    '--endpoint-reconciler-type=none',
    `--secure-port=${port}`,
    `--cert-dir=${join(directory, CERTIFICATES)}`,
    `--etcd-servers=${etcd}`,
    '--service-cluster-ip-range=10.95.192.0/18',
    `--token-auth-file=${tokens}`,
    '--authorization-mode=RBAC',
    // It would keep a new node from being used until a controller, which is not started here, finds it ready.
    '--disable-admission-plugins=TaintNodesByCondition',
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-key-file=${keys.publicKey}`,
    `--service-account-signing-key-file=${keys.privateKey}`,
    '--profiling=false',
  ])
  return `https://127.0.0.1:${port}`
}

async function startControllers(programs: GoPrograms, processes: Processes, kubeconfig: string, keys: Keys) {
  const controllers = [
    'job-controller',
    'ttl-after-finished-controller',
    'deployment-controller',
    'replicaset-controller',
    'serviceaccount-controller',
    'namespace-controller',
    'garbage-collector-controller',
    'persistentvolumeclaim-protection-controller',
  ]
  await processes.start('kube-controller-manager', programs.path('kube-controller-manager'), [
    `--kubeconfig=${kubeconfig}`,
    `--controllers=${controllers.join(',')}`,
    '--bind-address=127.0.0.1',
    `--secure-port=${await freePort()}`,
    `--service-account-private-key-file=${keys.privateKey}`,
    '--leader-elect=false',
    '--kube-api-qps=500',
    '--kube-api-burst=1000',
    '--profiling=false',
  ])
}

/** The node has room for everything, so the scheduler only has to name it: volumes, which do not exist, are not looked at. */
async function startScheduler(programs: GoPrograms, directory: string, processes: Processes, kubeconfig: string) {
  const path = join(directory, 'scheduler.json')
  const enabled = ['PrioritySort', 'NodeUnschedulable', 'TaintToleration', 'DefaultBinder'].map((name) => ({ name }))
  const config = {
    apiVersion: 'kubescheduler.config.k8s.io/v1',
    kind: 'KubeSchedulerConfiguration',
    clientConnection: { kubeconfig, qps: 500, burst: 1000 },
    leaderElection: { leaderElect: false },
    profiles: [{ plugins: { multiPoint: { enabled, disabled: [{ name: '*' }] } } }],
  }
  await writeFile(path, JSON.stringify(config))
  const port = await freePort()
  const args = [`--config=${path}`, '--bind-address=127.0.0.1', `--secure-port=${port}`]
  await processes.start('kube-scheduler', programs.path('kube-scheduler'), args)
}

function clients(kubeconfig: string): Kubernetes {
  const config = new KubeConfig()
  config.loadFromFile(kubeconfig)
  return {
    config,
    batch: config.makeApiClient(BatchV1Api),
    core: config.makeApiClient(CoreV1Api),
    objects: KubernetesObjectApi.makeApiClient(config),
    watch: new Watch(config),
  }
}

/** Ready enough to be worked with: it answers, and its own namespaces are there. */
async function waitUntilReady({ config, core }: Kubernetes, processes: Processes): Promise<void> {
  const deadline = Date.now() + READY_MILLISECONDS
  const version = config.makeApiClient(VersionApi)
  for (;;) {
    const failure: unknown = await version
      .getCode()
      .then(() => core.readNamespace({ name: 'default' }))
      .then(
        () => undefined,
        (error: unknown) => error,
      )
    if (failure === undefined) return
    if (Date.now() > deadline) {
      const log = await processes.lastLines('kube-apiserver')
      throw new Error(`The API server is not ready after ${READY_MILLISECONDS / 1000} s:\n${log}`, { cause: failure })
    }
    await sleep(200)
  }
}

async function letWorkerIn({ objects }: Kubernetes): Promise<void> {
  await objects.create({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: 'holdfast-worker' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'holdfast-worker' }],
  } as Parameters<typeof objects.create>[0])
}
