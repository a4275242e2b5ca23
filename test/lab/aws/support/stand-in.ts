import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { S3Client } from '@aws-sdk/client-s3'
import { execa } from 'execa'
import { type AdminCredentials, readAdminCredentials, standInInstance } from '../../../../lab/aws/stand-in-client.ts'
import { repository } from '../../../../lab/paths.ts'
import { ensurePythonTools } from '../../../../lab/python-tools.ts'
import { freePorts } from '../../../support/free-ports.ts'
import { type Keys, startAwsCaller } from './aws-caller.ts'
import { startTokenReviewServer } from './token-review-server.ts'

/** A stand-in of its own for a test: the real program, on free ports of this machine, with a certificate for now. */
export type StandIn = {
  directory: string
  endpoint: string
  /** URL by which a pod's SDK asks for credentials. */
  agent: string
  caFile: string
  adminCredentialsFile: string
  admin: AdminCredentials
  /** Calls an AWS API as the administrator, or with other keys. */
  call: (service: string, operation: string, parameters: object, keys?: Keys) => Promise<Record<string, unknown>>
  s3: (keys: Keys) => S3Client
  /** The path of rclone. */
  rclone: string
  stop: () => Promise<void>
}

const READY_SECONDS = 60

/** @param options `credentialsSeconds`: for how long a pod's credentials are good. */
export async function startStandIn(options: { credentialsSeconds?: number } = {}): Promise<StandIn> {
  const tools = await ensurePythonTools(() => {})
  const reviewer = await startTokenReviewServer()
  const directory = await mkdtemp(join(tmpdir(), 'holdfast-test-aws-'))
  const { caFile, keyFile } = await writeCertificate(directory)
  const kubeconfig = join(directory, 'kubeconfig')
  await writeFile(kubeconfig, kubeconfigFor(reviewer.url))
  const [apiPort, agentPort] = await freePorts(2)
  const endpoint = `https://127.0.0.1:${apiPort}`
  const adminCredentialsFile = join(directory, 'admin.json')
  const argumentsOfServer = [
    ...['--listen', `127.0.0.1:${apiPort}`, '--agent', `127.0.0.1:${agentPort}`],
    ...['--certificate', caFile, '--private-key', keyFile, '--kubeconfig', kubeconfig],
    ...['--cluster-name', 'holdfast-lab', '--region', 'eu-central-1', '--admin-credentials', adminCredentialsFile],
    ...['--credentials-seconds', String(options.credentialsSeconds ?? 900)],
  ]
  const script = join(repository, 'lab/aws/server.py')
  const server = execa(tools.path('python'), [script, ...argumentsOfServer], { reject: false, all: true })
  await Promise.race([ready(endpoint, caFile), server.then((result) => Promise.reject(new Error(result.all)))])
  const admin = await readAdminCredentials(adminCredentialsFile)
  const ca = await readFile(caFile)
  const caller = startAwsCaller(tools.path('python'), endpoint, caFile)
  return {
    directory,
    endpoint,
    agent: `http://127.0.0.1:${agentPort}/v1/credentials`,
    caFile,
    adminCredentialsFile,
    admin,
    call: (service, operation, parameters, keys = admin) => caller.call(service, operation, parameters, keys),
    s3: (credentials) =>
      new S3Client({
        endpoint,
        region: 'eu-central-1',
        forcePathStyle: true,
        credentials,
        maxAttempts: 1,
        requestHandler: { httpsAgent: { ca } },
      }),
    rclone: tools.path('rclone'),
    stop: async () => {
      await caller.stop()
      server.kill()
      await server
      await reviewer.close()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

async function writeCertificate(directory: string): Promise<{ caFile: string; keyFile: string }> {
  const caFile = join(directory, 'tls.crt')
  const keyFile = join(directory, 'tls.key')
  await execa('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-noenc', '-days', '1'],
    ...['-subj', '/CN=test', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', keyFile, '-out', caFile],
  ])
  return { caFile, keyFile }
}

async function ready(endpoint: string, caFile: string): Promise<void> {
  const deadline = Date.now() + READY_SECONDS * 1000
  for (;;) {
    try {
      await standInInstance(endpoint, caFile)
      return
    } catch (error) {
      if (Date.now() > deadline) throw error
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
}

function kubeconfigFor(url: string): string {
  return JSON.stringify({
    'current-context': 'test',
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
    clusters: [{ name: 'test', cluster: { server: url } }],
    users: [{ name: 'test', user: {} }],
  })
}
