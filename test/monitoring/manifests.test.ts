import { readFile } from 'node:fs/promises'
import { expect, test } from '@jest/globals'
import { kustomized, workerWith } from '../support/kustomize.ts'

test('the monitoring that is applied is the rules and the dashboard', async () => {
  const { ConfigMap, PrometheusRule } = await kustomized('manifests/monitoring')
  expect(ConfigMap).toMatchObject({
    metadata: { namespace: 'holdfast', labels: { grafana_dashboard: '1' } },
    data: { 'holdfast.json': await readFile('manifests/monitoring/dashboard.json', 'utf8') },
  })
  expect(PrometheusRule).toMatchObject({ metadata: { namespace: 'holdfast', name: 'holdfast' } })
})

test('with the component, a worker serves its metrics at a port that has a name, and that may be reached', async () => {
  const { ConfigMap, Deployment, NetworkPolicy, PodMonitor } = await workerWith('metrics')
  expect(ConfigMap).toMatchObject({ data: { HOLDFAST_METRICS_PORT: '9464', HOLDFAST_HEALTH_PORT: '8081' } })
  const ports = expect.arrayContaining([{ name: 'metrics', containerPort: 9464 }])
  expect(Deployment).toMatchObject({ spec: { template: { spec: { containers: [{ ports }] } } } })
  expect(NetworkPolicy).toMatchObject({ spec: { ingress: expect.arrayContaining([{ ports: [{ port: 'metrics' }] }]) } })
  expect(PodMonitor).toMatchObject({ spec: { podMetricsEndpoints: [{ port: 'metrics' }] } })
})
