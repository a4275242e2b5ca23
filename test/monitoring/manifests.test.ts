import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { expect, test } from '@jest/globals'
import { execa } from 'execa'
import { parseAllDocuments } from 'yaml'
import { theLab } from '../support/lab.ts'

/** What kustomize makes of a folder, each object by its kind. Of a kind there is one. */
async function built(folder: string): Promise<Record<string, unknown>> {
  const { tools } = await theLab()
  const { stdout } = await execa(tools.kubectl, ['kustomize', folder])
  const objects = parseAllDocuments(stdout).map((document) => document.toJS() as { readonly kind: string })
  return Object.fromEntries(objects.map((object) => [object.kind, object]))
}

test('the monitoring that is applied is the rules and the dashboard', async () => {
  const { ConfigMap, PrometheusRule } = await built('manifests/monitoring')
  expect(ConfigMap).toMatchObject({
    metadata: { namespace: 'holdfast', labels: { grafana_dashboard: '1' } },
    data: { 'holdfast.json': await readFile('manifests/monitoring/dashboard.json', 'utf8') },
  })
  expect(PrometheusRule).toMatchObject({ metadata: { namespace: 'holdfast', name: 'holdfast' } })
})

test('with the component, a worker serves its metrics at a port that has a name, and that may be reached', async () => {
  const scratch = await mkdtemp('dist/overlay-').catch(async () => {
    await mkdir('dist')
    return await mkdtemp('dist/overlay-')
  })
  const kustomization = {
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    resources: [relative(scratch, 'manifests/worker/overlays/eks')],
    components: [relative(scratch, 'manifests/worker/components/metrics')],
  }
  await writeFile(join(scratch, 'kustomization.yaml'), JSON.stringify(kustomization))
  const { ConfigMap, Deployment, NetworkPolicy, PodMonitor } = await built(scratch).finally(() =>
    rm(scratch, { recursive: true }),
  )
  expect(ConfigMap).toMatchObject({ data: { HOLDFAST_METRICS_PORT: '9464', HOLDFAST_HEALTH_PORT: '8081' } })
  const ports = expect.arrayContaining([{ name: 'metrics', containerPort: 9464 }])
  expect(Deployment).toMatchObject({ spec: { template: { spec: { containers: [{ ports }] } } } })
  expect(NetworkPolicy).toMatchObject({ spec: { ingress: expect.arrayContaining([{ ports: [{ port: 'metrics' }] }]) } })
  expect(PodMonitor).toMatchObject({ spec: { podMetricsEndpoints: [{ port: 'metrics' }] } })
})
