import { dirname, join } from 'node:path'
import { awsRegion, temporalUiUrl } from './addresses.ts'
import { LabError, messageOf } from './lab-error.ts'
import type { LabFile } from './lab-file.ts'
import { repository, statePath } from './paths.ts'
import { probeHttp } from './probes.ts'
import { createSteps, type LabProgress } from './progress.ts'
import { ensurePythonTools } from './python-tools.ts'
import { run } from './run.ts'
import { pathsOfTools, temporalOfLab } from './set-up-temporal.ts'
import { writeIfChanged } from './write-file.ts'

const composeFile = join(repository, 'docker-compose.yml')
const files = {
  kubeconfig: statePath('compose', 'kubeconfig'),
  ca: statePath('compose', 'ca.crt'),
  adminCredentials: statePath('compose', 'admin-credentials.json'),
}

/** Fetches from the services of docker-compose.yml, which somebody has started, what others need to reach them. */
export async function setUpCompose(onProgress: LabProgress): Promise<Omit<LabFile, 'version' | 'repository'>> {
  const { step, finished } = createSteps(onProgress)
  const ready = step('Services of docker-compose.yml', [], assertReady)
  const python = step('Programs from PyPI', [], (_, log) => ensurePythonTools(log))
  void step('Access to Kubernetes', [ready], () => fetchFile('k3s', '/kubeconfig/kubeconfig', files.kubeconfig))
  void step('Access to the AWS stand-in', [ready], async () => {
    await fetchFile('aws', '/certificates/ca.crt', files.ca)
    await fetchFile('aws', '/aws/admin-credentials.json', files.adminCredentials)
  })
  await finished()
  return {
    cluster: 'compose',
    kubernetes: { kubeconfig: files.kubeconfig, context: 'default' },
    temporal: temporalOfLab,
    aws: {
      endpoint: 'https://127.0.0.1:8443',
      region: awsRegion,
      accountId: '123456789012',
      caFile: files.ca,
      adminCredentialsFile: files.adminCredentials,
    },
    tools: { kubectl: 'kubectl', ...pathsOfTools(await python) },
  }
}

/** The worker is the last to start, and its check says that all others are there; nothing waits for Temporal's UI. */
async function assertReady(): Promise<void> {
  const health = await compose(['ps', '--format', '{{.Health}}', 'worker'])
  if (health.trim() !== 'healthy') {
    throw new LabError(
      `The worker of docker-compose.yml is ${health.trim() || 'not started'}. Start all services from ${repository}, and wait for ` +
        'them: npm run build && docker compose up --wait. `docker compose ps --all` shows which of them is not there.',
    )
  }
  await probeHttp(`${temporalUiUrl}/api/v1/namespaces/default`)
}

/** Copies a file of a service. Each of them gives access to something, so that nobody else may read it. */
async function fetchFile(service: string, source: string, target: string): Promise<void> {
  await writeIfChanged(target, await compose(['exec', '--no-TTY', service, 'cat', source]), 0o600)
}

async function compose(argumentList: string[]): Promise<string> {
  const command = ['docker', 'compose', '--project-directory', dirname(composeFile), '--file', composeFile] as const
  return await run([...command, ...argumentList]).catch((error: unknown) => {
    throw new LabError(`--cluster compose needs Docker with its plugin Compose. ${messageOf(error)}`)
  })
}
