import { join } from 'node:path'
import { agentAddress, awsRegion, awsUrl, eksClusterName, nodeAddress } from '../addresses.ts'
import { hashOfFolders } from '../hashes.ts'
import { kubeconfigOf } from '../kubeconfig.ts'
import type { Part } from '../part.ts'
import { files, repository } from '../paths.ts'
import type { Pki } from '../pki.ts'
import { probeHttp } from '../probes.ts'
import type { PythonTools } from '../python-tools.ts'

/**
 * The AWS stand-in: S3, IAM, STS and EKS with Pod Identity. It keeps everything in memory: what is stopped is forgotten. For how
 * long a pod's credentials are good may be set by HOLDFAST_LAB_CREDENTIALS_SECONDS: another time starts another stand-in.
 */
export async function awsPart(tools: PythonTools, pki: Pki): Promise<Part> {
  const lifetime = process.env.HOLDFAST_LAB_CREDENTIALS_SECONDS
  const server = pki.certificates['aws-server']
  return {
    name: 'aws',
    command: [
      tools.path('python'),
      join(repository, 'lab/aws/server.py'),
      `--listen=${nodeAddress}:8443`,
      `--certificate=${server.certificate}`,
      `--private-key=${server.key}`,
      `--agent=${agentAddress}:80`,
      `--kubeconfig=${kubeconfigOf('aws')}`,
      `--cluster-name=${eksClusterName}`,
      `--region=${awsRegion}`,
      `--admin-credentials=${files.awsAdminCredentials}`,
      ...(lifetime === undefined ? [] : [`--credentials-seconds=${lifetime}`]),
    ],
    environment: {
      PYTHONUNBUFFERED: '1',
      PYTHONDONTWRITEBYTECODE: '1',
      // The memory of a body is used again by the next one, and not given back to the kernel and asked for anew (docs/performance.md).
      MALLOC_ARENA_MAX: '1',
      MALLOC_MMAP_MAX_: '0',
      MALLOC_TRIM_THRESHOLD_: String(2 ** 28),
      // Not read by anyone: it makes a running stand-in of another version differ, so that it is started anew.
      HOLDFAST_LAB_AWS_VERSION: await hashOfFolders(repository, ['lab/aws']),
    },
    configuration: [server.certificate, kubeconfigOf('aws')],
    address: `${nodeAddress}:8443`,
    ports: [`tcp:${nodeAddress}:8443`, `tcp:${agentAddress}:80`],
    probe: () => probeHttp(`${awsUrl}/holdfast/ready`, { caFile: pki.authority.certificate }),
    readySeconds: 60,
    stopSeconds: 5,
  }
}
