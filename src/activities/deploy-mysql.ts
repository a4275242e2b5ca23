import { deployMysqlAnswerSchema } from '../domain/step-answers.ts'
import type { StepActivities } from '../domain/step-inputs.ts'
import { apply, createIfMissing, inNamespace, loadManifest, type ManifestObject } from '../kubernetes/apply.ts'
import type { Kubernetes } from '../kubernetes/kubernetes-client.ts'
import type { Dependencies } from './dependencies.ts'
import { withMysqlImage } from './mysql-image.ts'
import { ensurePassword, prepareNamespace } from './prepare-namespace.ts'
import { currentRun, runJob } from './run-job.ts'

/** On the Deployment of MySQL: the run that made it. Only that run's failure takes it away again. */
export const CREATED_BY_RUN = 'holdfast.dev/created-by-run'

/** Deploys MySQL, or brings the one that is there up to date, and waits until it answers a query. */
export function createDeployMysql({ config, kubernetes, runner }: Dependencies): StepActivities['deployMysql'] {
  return async ({ namespace, schemas = [], ...policy }) => {
    await prepareNamespace(kubernetes, config, namespace)
    const objects = await loadManifest('mysql/mysql.yaml')
    await Promise.all([
      ensurePassword(kubernetes, namespace),
      ...objects.map((object) =>
        deploy(kubernetes, inNamespace(withMysqlImage(object, config.images.mysql), namespace)),
      ),
    ])
    return await runJob(runner, policy, {
      purpose: 'deployMysql',
      manifest: 'await-mysql',
      settings: { namespace, image: config.images.tools, env: { SCHEMAS: JSON.stringify(schemas) } },
      answer: deployMysqlAnswerSchema(),
    })
  }
}

/** Creates an object with the mark of the run, or applies it without: what was there before keeps its mark, or none. */
async function deploy(kubernetes: Kubernetes, object: ManifestObject): Promise<void> {
  const { runId } = currentRun()
  const annotations = { ...object.metadata.annotations, [CREATED_BY_RUN]: runId }
  const marked = { ...object, metadata: { ...object.metadata, annotations } }
  // A claim's specification cannot be changed once it is bound.
  if ((await createIfMissing(kubernetes, marked)) === 'created' || object.kind === 'PersistentVolumeClaim') return
  await apply(kubernetes, object)
}
