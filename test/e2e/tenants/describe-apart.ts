import { readFile } from 'node:fs/promises'
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { NodeHttpHandler } from '@smithy/node-http-handler'
import { agentAddress } from '../../../lab/addresses.ts'
import { connectKubernetes, type Kubernetes } from '../../../src/kubernetes/kubernetes-client.ts'
import { podCredentials } from '../../lab/aws/support/pod-credentials.ts'
import { administratorS3, kubectl, type WholeLab } from '../../support/lab.ts'
import { kubeconfigWith } from '../../worker/support/account.ts'
import type { Tenant } from './tenant.ts'

/** Of a Job that nobody may make. */
const JOB = {
  metadata: { name: 'uninvited' },
  spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'step', image: 'none' }] } } },
}

/** What one tenant's accounts get of the other's: nothing. By real tokens of both. */
export function describeApart(lab: () => WholeLab, own: Tenant, other: Tenant): void {
  describe(`${own.name} gets nothing of ${other.name}`, () => {
    let worker: Kubernetes
    let provision: Kubernetes
    let s3: S3Client

    beforeAll(async () => {
      worker = await connectAs(lab(), own.settings.controlNamespace, 'holdfast-worker')
      provision = await connectAs(lab(), own.settings.controlNamespace, 'holdfast-provision')
      s3 = await podS3(lab(), own)
      const administrator = await administratorS3(lab())
      await administrator.send(new PutObjectCommand({ Bucket: other.bucket, Key: 'secret', Body: 'rows' }))
      administrator.destroy()
    })
    afterAll(() => s3.destroy())

    const { controlNamespace, pipelineNamespace } = other.settings
    test.each([controlNamespace, pipelineNamespace])('Kubernetes, in namespace %s', async (namespace) => {
      const name = 'anything'
      for (const { core, batch } of [worker, provision]) {
        for (const ask of [
          () => core.listNamespacedSecret({ namespace }),
          () => core.readNamespacedSecret({ namespace, name }),
          () => core.readNamespacedConfigMap({ namespace, name }),
          () => core.listNamespacedPod({ namespace }),
          () => core.readNamespacedPodLog({ namespace, name }),
          () => batch.listNamespacedJob({ namespace }),
          () => batch.readNamespacedJob({ namespace, name }),
          () => batch.createNamespacedJob({ namespace, body: JOB }),
          () => batch.deleteNamespacedJob({ namespace, name }),
          () => core.deleteNamespace({ name: namespace }),
        ]) {
          await expect(ask()).rejects.toMatchObject({ code: 403 })
        }
      }
    })

    test('while each has what it needs of its own', async () => {
      const { controlNamespace, pipelineNamespace } = own.settings
      for (const namespace of [controlNamespace, pipelineNamespace]) {
        await expect(worker.batch.listNamespacedJob({ namespace })).resolves.toBeDefined()
      }
      const state = { namespace: controlNamespace, name: 'tfstate-default-holdfast-storage' }
      await expect(provision.core.readNamespacedSecret(state)).resolves.toBeDefined()
      await expect(worker.core.readNamespacedSecret(state)).rejects.toMatchObject({ code: 403 })
      await s3.send(new PutObjectCommand({ Bucket: own.bucket, Key: 'backup1/x', Body: 'rows' }))
    })

    test("S3, by the credentials of its pipelines' pods", async () => {
      const Bucket = other.bucket
      for (const ask of [
        () => s3.send(new GetObjectCommand({ Bucket, Key: 'secret' })),
        () => s3.send(new ListObjectsV2Command({ Bucket })),
        () => s3.send(new PutObjectCommand({ Bucket, Key: 'secret', Body: 'other rows' })),
      ]) {
        await expect(ask()).rejects.toMatchObject({ name: 'AccessDenied' })
      }
    })
  })
}

async function connectAs(lab: WholeLab, namespace: string, account: string): Promise<Kubernetes> {
  const token = (await kubectl(lab, '--namespace', namespace, 'create', 'token', account)).trim()
  const { kubeconfig, remove } = await kubeconfigWith(lab, { token })
  const kubernetes = connectKubernetes(kubeconfig)
  await remove()
  return kubernetes
}

/** S3 as a pod of the tenant's pipelines has it: Pod Identity's agent is asked with a token as the pod's would be. */
async function podS3(lab: WholeLab, { settings }: Tenant): Promise<S3Client> {
  const inNamespace = ['--namespace', settings.pipelineNamespace]
  await kubectl(lab, ...inNamespace, 'get', 'serviceaccount', 's3-access').catch(
    async () => await kubectl(lab, ...inNamespace, 'create', 'serviceaccount', 's3-access'),
  )
  const audience = '--audience=pods.eks.amazonaws.com'
  const token = await kubectl(lab, ...inNamespace, 'create', 'token', 's3-access', audience)
  const { keys } = await podCredentials(`http://${agentAddress}/v1/credentials`, token.trim())
  return new S3Client({
    endpoint: lab.aws.endpoint,
    region: lab.aws.region,
    forcePathStyle: true,
    credentials: keys,
    requestHandler: new NodeHttpHandler({ httpsAgent: { ca: await readFile(lab.aws.caFile) } }),
  })
}
