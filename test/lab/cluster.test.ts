import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { execa } from 'execa'
import { type LabFile, readLab } from '../../lab/lab-file.ts'
import { labStatus } from '../../lab/status.ts'

/** The lab's Kubernetes as a pod meets it: Pod Security `restricted`, no root, a volume, a Service by its name, exec. */
const namespace = `lab-test-${process.pid}`

let lab: LabFile

beforeAll(async () => {
  const found = await readLab()
  if (!found) throw new Error('The lab is not up: the global set-up of the tests brings it up.')
  lab = found
  await kubectl(['apply', '--filename', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects() }))
}, 60_000)

afterAll(async () => {
  await kubectl(['delete', 'namespace', namespace, '--wait=false'])
})

test('every part runs', async () => {
  const states = (await labStatus()).map(({ name, state }) => `${name} ${state}`)
  expect(states.filter((state) => !state.endsWith(' running'))).toEqual([])
})

test('a pod that is not root writes to its volume and reaches a Service by its name', async () => {
  await kubectl(['wait', '--namespace', namespace, '--for=condition=Complete', 'job/writer', '--timeout=90s'])
  const log = await kubectl(['logs', '--namespace', namespace, 'job/writer'])
  expect(log.split('\n')).toEqual(['written by 10001', 'hello over the Service'])
}, 100_000)

test('exec runs a program in a pod', async () => {
  await kubectl(['wait', '--namespace', namespace, '--for=condition=Available', 'deployment/web', '--timeout=90s'])
  expect(await kubectl(['exec', '--namespace', namespace, 'deployment/web', '--', 'id', '-u'])).toBe('10001')
}, 100_000)

test('a pod that wants to be root is refused', async () => {
  const command = ['run', 'root', '--namespace', namespace, '--restart=Never', `--image=${lab.images?.tools}`]
  await expect(kubectl(command)).rejects.toThrow(/violates PodSecurity "restricted/)
})

async function kubectl(argumentList: string[], input = ''): Promise<string> {
  const { stdout } = await execa(lab.tools.kubectl, ['--kubeconfig', lab.kubernetes.kubeconfig, ...argumentList], {
    input,
  })
  return stdout
}

function objects(): object[] {
  const labels = { app: 'web' }
  return [
    {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: namespace, labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
    },
    {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'data', namespace },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Mi' } } },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web', namespace },
      spec: { selector: labels, ports: [{ port: 80, targetPort: 8080 }] },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', namespace },
      spec: {
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: podOf(serverProgram) },
      },
    },
    {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'writer', namespace },
      spec: { backoffLimit: 0, template: { spec: podOf(writerProgram, 'data') } },
    },
  ]
}

const serverProgram = `
require('node:http').createServer((_, response) => response.end('hello over the Service')).listen(8080)
process.on('SIGTERM', () => process.exit())`

/** The server may start after the writer: what is tested is that it is found, not when. */
const writerProgram = `
const { readFileSync, writeFileSync } = require('node:fs')
writeFileSync('/data/file', 'written by ' + process.getuid())
console.log(readFileSync('/data/file', 'utf8'))
async function ask() {
  try {
    console.log(await (await fetch('http://web')).text())
  } catch {
    setTimeout(ask, 200)
  }
}
ask()`

function podOf(program: string, claimName?: string): object {
  return {
    restartPolicy: claimName ? 'Never' : 'Always',
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 10001,
      runAsGroup: 10001,
      fsGroup: 10001,
      seccompProfile: { type: 'RuntimeDefault' },
    },
    ...(claimName && { volumes: [{ name: 'data', persistentVolumeClaim: { claimName } }] }),
    containers: [
      {
        name: 'program',
        image: lab.images?.tools,
        command: ['node', '--eval', program],
        securityContext: {
          allowPrivilegeEscalation: false,
          capabilities: { drop: ['ALL'] },
          readOnlyRootFilesystem: true,
        },
        ...(claimName && { volumeMounts: [{ name: 'data', mountPath: '/data' }] }),
      },
    ],
  }
}
