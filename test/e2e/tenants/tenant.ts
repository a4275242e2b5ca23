import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import {
  DeleteBucketCommand,
  DeleteObjectsCommand,
  ListObjectVersionsCommand,
  type ObjectIdentifier,
} from '@aws-sdk/client-s3'
import { MockActivityEnvironment } from '@temporalio/testing'
import { DefaultLogger } from '@temporalio/worker'
import { bootstrapAws } from '../../../lab/aws/bootstrap.ts'
import type { ClusterWorkerSettings } from '../../../lab/cluster-worker-kustomization.ts'
import { repository, statePath } from '../../../lab/paths.ts'
import { createProvision } from '../../../src/activities/provision.ts'
import { namespaceSchema } from '../../../src/domain/names.ts'
import { JobRunner } from '../../../src/kubernetes/job-runner.ts'
import { connectKubernetes } from '../../../src/kubernetes/kubernetes-client.ts'
import { clearNamespace } from '../../support/clear-namespace.ts'
import { administratorS3, configOf, kubectl, type WholeLab } from '../../support/lab.ts'

/** One of several that share a cluster: namespaces, a worker, a task queue, a bucket and roles of its own. */
export interface Tenant {
  readonly name: string
  readonly bucket: string
  readonly settings: ClusterWorkerSettings & { readonly tenant: string }
}

/**
 * A tenant of this run alone: what an earlier one has left in AWS is not in its way.
 *
 * @param more of its ConfigMap holdfast-aws, beside its names
 */
export function newTenant(word: string, replicas: number, more: Readonly<Record<string, string>> = {}): Tenant {
  const name = `${word}-${randomUUID().slice(0, 8)}`
  const bucket = `holdfast-${name}`
  const aws = {
    TF_VAR_bucket_name: bucket,
    TF_VAR_role_name: `holdfast-pods-${name}`,
    TF_VAR_namespaces: JSON.stringify([name]),
    ...more,
  }
  const settings = { tenant: name, controlNamespace: `${name}-backups`, taskQueue: name, pipelineNamespace: name }
  return { name, bucket, settings: { ...settings, replicas, aws } }
}

/** What the administrator of the AWS account does once for a tenant: terraform/bootstrap. */
export async function bootstrapTenant({ aws }: WholeLab, { name, bucket, settings }: Tenant): Promise<void> {
  await bootstrapAws({
    ...aws,
    repository,
    stateDirectory: stateDirectory(name),
    variables: {
      namespace: settings.controlNamespace,
      provision_role_name: `holdfast-provision-${name}`,
      worker_role_name: `holdfast-worker-${name}`,
      bucket_name: bucket,
      storage_role_name: `holdfast-pods-${name}`,
    },
    log: () => undefined,
  })
}

/** Runs the Job of a tenant's provision step, as a pipeline does. */
export async function provisionTenant(lab: WholeLab, { name, settings }: Tenant): Promise<void> {
  const kubernetes = connectKubernetes()
  const runner = new JobRunner(kubernetes)
  const config = configOf(lab, settings.taskQueue, settings.controlNamespace)
  const workflowExecution = { workflowId: name, runId: randomUUID() }
  const environment = new MockActivityEnvironment({ workflowExecution }, { logger: new DefaultLogger('ERROR') })
  await environment
    .run(createProvision({ config, kubernetes, runner }), { namespace: namespaceSchema().parse(name), maximumTries: 3 })
    .finally(async () => await runner.stop())
}

/** Removes a tenant from the cluster, and its bucket. Its roles end with the lab's AWS. */
export async function removeTenant(lab: WholeLab, { name, bucket, settings }: Tenant): Promise<void> {
  await kubectl(lab, 'delete', 'namespace', settings.controlNamespace, '--ignore-not-found')
  await clearNamespace(lab, settings.pipelineNamespace)
  await kubectl(lab, 'delete', 'clusterrolebinding', `holdfast-worker-${name}`, '--ignore-not-found')
  await removeBucket(lab, bucket)
  await rm(statePath('cluster-worker', settings.controlNamespace), { recursive: true, force: true })
  await rm(stateDirectory(name), { recursive: true, force: true })
}

function stateDirectory(tenant: string): string {
  return statePath('aws', `bootstrap-${tenant}`)
}

async function removeBucket(lab: WholeLab, Bucket: string): Promise<void> {
  const s3 = await administratorS3(lab)
  const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket }))
  const Objects = [...Versions, ...DeleteMarkers].map(({ Key, VersionId }): ObjectIdentifier => ({ Key, VersionId }))
  if (Objects.length > 0)
    await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects }, BypassGovernanceRetention: true }))
  await s3.send(new DeleteBucketCommand({ Bucket }))
  s3.destroy()
}
