import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { execa } from 'execa'
import { parseAllDocuments } from 'yaml'
import { theLab } from './lab.ts'

/** What kustomize makes of a folder, each object by its kind. Of a kind there is one. */
export async function kustomized(folder: string): Promise<Record<string, unknown>> {
  const { tools } = await theLab()
  const { stdout } = await execa(tools.kubectl, ['kustomize', folder])
  const objects = parseAllDocuments(stdout).map((document) => document.toJS() as { readonly kind: string })
  return Object.fromEntries(objects.map((object) => [object.kind, object]))
}

/** The same of the worker on EKS with one of its components. */
export async function workerWith(component: string): Promise<Record<string, unknown>> {
  await mkdir('dist', { recursive: true })
  const scratch = await mkdtemp('dist/overlay-')
  const kustomization = {
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    resources: [relative(scratch, 'manifests/worker/overlays/eks')],
    components: [relative(scratch, `manifests/worker/components/${component}`)],
  }
  await writeFile(join(scratch, 'kustomization.yaml'), JSON.stringify(kustomization))
  return await kustomized(scratch).finally(() => rm(scratch, { recursive: true }))
}
