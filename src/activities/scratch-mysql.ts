import { z } from 'zod'
import { scratchNameOf } from '../domain/scratch-name.ts'
import { deployMysqlAnswerSchema } from '../domain/step-answers.ts'
import type { RestoreActivities } from '../domain/step-inputs.ts'
import { createIfMissing, inNamespace, loadManifest, type ManifestObject, remove } from '../kubernetes/apply.ts'
import type { Dependencies } from './dependencies.ts'
import { withMysqlImage } from './mysql-image.ts'
import { ensurePassword, prepareNamespace } from './prepare-namespace.ts'
import { currentRun, runJob } from './run-job.ts'

/** The label by which the Service of a scratch MySQL finds its pod. */
const SCRATCH_LABEL = 'holdfast.dev/scratch'

/** The activities that make and remove a MySQL that is there for one run alone. */
export function createScratchMysql({
  config,
  kubernetes,
  runner,
}: Dependencies): Pick<RestoreActivities, 'deployScratch' | 'removeScratch'> {
  return {
    deployScratch: async ({ namespace, storage, ...policy }) => {
      await prepareNamespace(kubernetes, config, namespace)
      await ensurePassword(kubernetes, namespace)
      const name = scratchNameOf(currentRun().runId)
      for (const object of await loadManifest('mysql/scratch.yaml')) {
        const named = withMysqlImage(scratchObject(object, name, storage), config.images.mysql)
        await createIfMissing(kubernetes, inNamespace(named, namespace))
      }
      return await runJob(runner, policy, {
        purpose: 'deployScratch',
        manifest: 'await-mysql',
        // It signs its own certificate, which nobody knows yet.
        settings: { namespace, image: config.images.tools, env: { MYSQL_HOST: name, MYSQL_SSL_MODE: 'PREFERRED' } },
        answer: deployMysqlAnswerSchema(),
      })
    },
    removeScratch: async ({ namespace }) => {
      const name = scratchNameOf(currentRun().runId)
      for (const object of await loadManifest('mysql/scratch.yaml')) {
        await remove(kubernetes, inNamespace({ ...object, metadata: { name } }, namespace))
      }
    },
  }
}

const serviceSchema = z.looseObject({ spec: z.looseObject({ selector: z.record(z.string(), z.string()) }) })
const deploymentSchema = z.looseObject({
  spec: z.looseObject({
    selector: z.looseObject({ matchLabels: z.record(z.string(), z.string()) }),
    template: z.looseObject({
      metadata: z.looseObject({ labels: z.record(z.string(), z.string()) }),
      spec: z.looseObject({
        volumes: z.array(
          z.looseObject({
            ephemeral: z
              .looseObject({
                volumeClaimTemplate: z.looseObject({
                  spec: z.looseObject({
                    resources: z.looseObject({ requests: z.looseObject({ storage: z.string() }) }),
                  }),
                }),
              })
              .optional(),
          }),
        ),
      }),
    }),
  }),
})

/** An object of the manifest for one run: named, found by that name alone, and with so much room. */
function scratchObject(object: ManifestObject, name: string, storage: string): ManifestObject {
  const own = { [SCRATCH_LABEL]: name }
  const metadata = { ...object.metadata, name, labels: { ...object.metadata.labels, ...own } }
  if (object.kind === 'Service') {
    const { spec } = serviceSchema.parse(structuredClone(object))
    Object.assign(spec.selector, own)
    return { ...object, metadata, spec }
  }
  const { spec } = deploymentSchema.parse(structuredClone(object))
  Object.assign(spec.selector.matchLabels, own)
  Object.assign(spec.template.metadata.labels, own)
  for (const { ephemeral } of spec.template.spec.volumes) {
    if (ephemeral) ephemeral.volumeClaimTemplate.spec.resources.requests.storage = storage
  }
  return { ...object, metadata, spec }
}
