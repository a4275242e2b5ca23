import { z } from 'zod'
import { catalogPrefix } from '../catalog/catalog-keys.ts'
import type { JobPhase } from '../domain/followed-job.ts'
import type { BackupInput, UndoActivities } from '../domain/step-inputs.ts'
import type { UndoName } from '../domain/steps.ts'
import { inNamespace, loadManifest, read, remove } from '../kubernetes/apply.ts'
import type { Dependencies } from './dependencies.ts'
import { CREATED_BY_RUN } from './deploy-mysql.ts'
import { mysqlSettings } from './mysql-settings.ts'
import { currentPipeline, currentRun, runJob } from './run-job.ts'
import { stagingClaimOf } from './staging-claim.ts'

/** What an undo's Job answers: nothing is asked of it but that it ended well. */
const doneSchema = z.looseObject({})

const annotatedSchema = z.looseObject({
  metadata: z.looseObject({ annotations: z.record(z.string(), z.string()).default({}) }),
})

/** The activities that take back what a failed pipeline made. */
export function createUndoActivities(dependencies: Dependencies): UndoActivities {
  const { config, kubernetes, runner } = dependencies

  async function stopJobs({ namespaces }: Parameters<UndoActivities['stopJobs']>[0]): Promise<void> {
    const { runId } = currentRun()
    for (const namespace of new Set([config.controlNamespace, ...namespaces])) await runner.stopJobs(namespace, runId)
  }

  async function removeMysql({ namespace }: Parameters<UndoActivities['removeMysql']>[0]): Promise<void> {
    const { runId } = currentRun()
    const objects = await loadManifest('mysql/mysql.yaml')
    for (const object of objects.toReversed().map((each) => inNamespace(each, namespace))) {
      const { apiVersion, kind, metadata } = object
      const existing = await read(kubernetes, { apiVersion, kind, metadata: { name: metadata.name, namespace } })
      if (!existing) continue
      if (annotatedSchema.parse(existing).metadata.annotations[CREATED_BY_RUN] === runId)
        await remove(kubernetes, object)
    }
  }

  async function releaseStaging(input: Parameters<UndoActivities['releaseStaging']>[0]): Promise<void> {
    const name = stagingClaimOf(input.backupId)
    const ended: readonly JobPhase[] = input.failedJobs === 'delete' ? ['complete', 'failed'] : ['complete']
    await runner.deleteEndedJobsUsing(input.namespace, currentRun().runId, name, ended)
    const metadata = { name, namespace: input.namespace }
    await remove(kubernetes, { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata })
  }

  async function deleteObjects(purpose: UndoName, prefixes: readonly string[], input: BackupInput): Promise<void> {
    await runJob(runner, input, {
      purpose,
      manifest: 'delete-objects',
      settings: {
        namespace: input.namespace,
        image: config.images.tools,
        env: { BUCKET: input.bucket, PREFIXES: JSON.stringify(prefixes) },
      },
      answer: doneSchema,
    })
  }

  return {
    stopJobs,
    removeMysql,
    releaseStaging,
    // Each its record first: whichever of the two fails, what is left is no backup.
    deleteUpload: async (input) =>
      await deleteObjects('deleteUpload', [catalogPrefix(input.backupId), `backup1/${input.backupId}/`], input),
    deleteCopy: async (input) =>
      await deleteObjects('deleteCopy', [catalogPrefix(input.backupId), `backup2/${input.backupId}/`], input),
    dropRestored: async ({ namespace, schemas, server, purpose = 'proof', ...policy }) => {
      const mysql = mysqlSettings(server)
      const env = { SCHEMAS: JSON.stringify(schemas), PURPOSE: purpose, PIPELINE: JSON.stringify(currentPipeline()) }
      await runJob(runner, policy, {
        purpose: 'dropRestored',
        manifest: 'drop-restored',
        settings: { ...mysql, namespace, image: config.images.tools, env: { ...mysql.env, ...env } },
        answer: doneSchema,
      })
    },
  }
}
