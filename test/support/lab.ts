import { readFile } from 'node:fs/promises'
import { S3Client } from '@aws-sdk/client-s3'
import { NodeHttpHandler } from '@smithy/node-http-handler'
import { execa } from 'execa'
import { type LabFile, readLab } from '../../lab/lab-file.ts'
import type { Config } from '../../src/config.ts'

/** A lab with a Kubernetes, an AWS and images of its own. */
export type WholeLab = LabFile & { readonly [Part in 'aws' | 'images']: NonNullable<LabFile[Part]> }

export async function theLab(): Promise<WholeLab> {
  const lab = await readLab()
  if (!lab?.aws || !lab.images) throw new Error('The lab is not up: the global set-up of the tests brings it up.')
  return { ...lab, aws: lab.aws, images: lab.images }
}

/** Of a worker; its control namespace is the lab's own, where no tenant's is given. */
export function configOf(lab: WholeLab, taskQueue: string, controlNamespace = 'holdfast'): Config {
  return { taskQueue, controlNamespace, images: lab.images, engine: 'mysqldump' }
}

/** S3 as the lab's administrator sees it: what is in the bucket, from outside of Holdfast. */
export async function administratorS3(lab: WholeLab): Promise<S3Client> {
  const credentials = JSON.parse(await readFile(lab.aws.adminCredentialsFile, 'utf8'))
  return new S3Client({
    endpoint: lab.aws.endpoint,
    region: lab.aws.region,
    forcePathStyle: true,
    credentials,
    requestHandler: new NodeHttpHandler({ httpsAgent: { ca: await readFile(lab.aws.caFile) } }),
  })
}

export async function kubectl(lab: LabFile, ...args: string[]): Promise<string> {
  const { stdout } = await execa(lab.tools.kubectl, ['--kubeconfig', lab.kubernetes.kubeconfig, ...args])
  return stdout
}

/** Runs SQL by the server's own client in MySQL's pod, and returns its rows, tabs between columns. */
export async function mysql(lab: LabFile, namespace: string, sql: string): Promise<string[]> {
  const shell =
    'MYSQL_PWD="$(cat /run/secrets/mysql/password)" exec mysql --user=root --default-character-set=utf8mb4 --batch --skip-column-names --execute="$1"'
  const output = await kubectl(
    lab,
    '--namespace',
    namespace,
    'exec',
    'deploy/mysql',
    '--',
    'sh',
    '-c',
    shell,
    'sh',
    sql,
  )
  return output.split('\n').filter((line) => line !== '')
}

/** Gives a namespace what a step's Job needs besides MySQL: its service account and the settings for AWS. */
export async function makeNamespaceForJobs(lab: LabFile, namespace: string): Promise<void> {
  const objects: object[] = [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 's3-access', namespace } },
  ]
  for (const name of ['holdfast-aws', 'holdfast-ca']) {
    const source = await kubectl(lab, '--namespace', 'holdfast', 'get', 'configmap', name, '--output', 'json')
    const { data } = JSON.parse(source)
    objects.push({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, data })
  }
  const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects })
  await execa(lab.tools.kubectl, ['--kubeconfig', lab.kubernetes.kubeconfig, 'apply', '--filename', '-'], { input })
}
