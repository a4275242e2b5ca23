import { expect, test } from '@jest/globals'
import { workerWith } from '../support/kustomize.ts'

test('with the component, a worker reaches the agent that gives it its role, and keeps what it has read where it may write', async () => {
  const { ConfigMap, Deployment, NetworkPolicy } = await workerWith('report')
  const folder = '/var/cache/holdfast'
  expect(ConfigMap).toMatchObject({ data: { XDG_CACHE_HOME: folder, AWS_EC2_METADATA_DISABLED: 'true' } })
  const volumeMounts = expect.arrayContaining([{ name: 'report-cache', mountPath: folder }])
  const volumes = expect.arrayContaining([{ name: 'report-cache', emptyDir: { sizeLimit: '64Mi' } }])
  expect(Deployment).toMatchObject({
    spec: { template: { spec: { containers: [{ name: 'worker', volumeMounts }], volumes } } },
  })
  const to = ['169.254.170.23/32', 'fd00:ec2::23/128'].map((cidr) => ({ ipBlock: { cidr } }))
  expect(NetworkPolicy).toMatchObject({ spec: { egress: expect.arrayContaining([{ to, ports: [{ port: 80 }] }]) } })
})
