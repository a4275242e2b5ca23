import { mkdir } from 'node:fs/promises'
import { podNetwork } from '../addresses.ts'
import type { Part } from '../part.ts'
import { statePath } from '../paths.ts'
import { pauseReference } from '../pause-image.ts'
import { run } from '../run.ts'
import { writeIfChanged, writeJson } from '../write-file.ts'

const configuration = statePath('config', 'containerd.toml')
const networkFolder = statePath('config', 'cni')

/** Where containerd keeps what does not outlive it: sockets, running containers, their network namespaces. */
export const containerdState = statePath('run', 'containerd')

export const containerdSocket = statePath('run', 'containerd.sock')

/** What pods are connected to. */
export const networkName = 'holdfast-lab'

/** Which address of the pod network is whose. */
export const addressLeases = statePath('cni')

/** Writes what containerd reads when it starts, and how its pods are connected. */
export async function writeContainerdConfiguration(): Promise<void> {
  await writeIfChanged(configuration, containerdConfiguration())
  await mkdir(addressLeases, { recursive: true })
  // `ptp` gives each pod a cable of its own to the host, which routes. Unlike a bridge, it needs no filtering of bridged
  // packets for answers of a Service to find their way back, and nothing of it is left once the pod is gone.
  await writeJson(`${networkFolder}/10-lab.conflist`, {
    cniVersion: '1.0.0',
    name: networkName,
    plugins: [
      {
        type: 'ptp',
        ipMasq: false,
        ipam: {
          type: 'host-local',
          dataDir: addressLeases,
          ranges: [[{ subnet: podNetwork }]],
          routes: [{ dst: '0.0.0.0/0' }],
        },
      },
    ],
  })
}

/** The container runtime: Debian's containerd, with folders and a socket of the lab's own. */
export function containerdPart(): Part {
  return {
    name: 'containerd',
    command: ['containerd', '--config', configuration],
    configuration: [configuration],
    address: containerdSocket,
    ports: [],
    probe: async () => {
      await run(['ctr', '--address', containerdSocket, '--connect-timeout', '2s', 'version'])
    },
    readySeconds: 60,
    stopSeconds: 10,
  }
}

function containerdConfiguration(): string {
  return `version = 2
root = "${statePath('containerd')}"
state = "${containerdState}"
disabled_plugins = [
  "io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.devmapper",
  "io.containerd.snapshotter.v1.zfs", "io.containerd.internal.v1.opt", "io.containerd.tracing.processor.v1.otlp",
]

[grpc]
  address = "${containerdSocket}"

[debug]
  level = "warn"

[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${pauseReference}"
  stream_server_address = "127.0.0.1"
  # A container may lack CAP_SYS_RESOURCE, without which no process can be shielded from the OOM killer.
  restrict_oom_score_adj = true
  # All of the lab's mounts stay below its own folder.
  netns_mounts_under_state_dir = true

[plugins."io.containerd.grpc.v1.cri".containerd]
  snapshotter = "overlayfs"
  default_runtime_name = "runc"

[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
  runtime_type = "io.containerd.runc.v2"

[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
  SystemdCgroup = false
  Root = "${statePath('run', 'runc')}"

[plugins."io.containerd.grpc.v1.cri".cni]
  bin_dir = "/usr/lib/cni"
  conf_dir = "${networkFolder}"
`
}
