import { readFile } from 'node:fs/promises'
import { request } from 'node:https'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { z } from 'zod'
import { askAgent, podCredentials } from './support/pod-credentials.ts'
import { associate, createRole } from './support/roles.ts'
import { type StandIn, startStandIn } from './support/stand-in.ts'

jest.setTimeout(180_000)

let aws: StandIn
let roleArn: string

beforeAll(async () => {
  aws = await startStandIn()
  roleArn = await createRole(aws, { name: 'pods', statements: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }] })
  await associate(aws, 's3-test/s3-access', roleArn)
})
afterAll(() => aws.stop())

describe('the agent', () => {
  test('gives a pod with an association credentials of its role', async () => {
    const { keys, accountId, expiration } = await podCredentials(aws.agent, 's3-test/s3-access')
    expect(accountId).toBe('123456789012')
    expect(expiration.getTime() - Date.now()).toBeGreaterThan(800_000)
    const identity = await aws.call('sts', 'get_caller_identity', {}, keys)
    expect(identity.Arn).toMatch(/^arn:aws:sts::123456789012:assumed-role\/pods\/eks-holdfast-lab-a-pod-/)
  })

  test.each([
    ['no token', '', 400, 'InvalidParameterException'],
    ['a token that the API server refuses', 'forged', 400, 'ExpiredTokenException'],
    ['a service account of the same name in another namespace', 'default/s3-access', 404, 'ResourceNotFoundException'],
    ['another service account of the namespace', 's3-test/default', 404, 'ResourceNotFoundException'],
  ])('gives nothing to %s', async (_, token, status, code) => {
    const response = await askAgent(aws.agent, token)
    expect(response.status).toBe(status)
    expect(await response.text()).toContain(code)
  })

  test.each([
    ['another service', { service: 'ec2.amazonaws.com', actions: ['sts:AssumeRole', 'sts:TagSession'] }],
    ['EKS without tags', { service: 'pods.eks.amazonaws.com', actions: ['sts:AssumeRole'] }],
  ])('gives nothing of a role that trusts %s', async (_, trusts) => {
    const name = `trusts-${trusts.service.split('.')[0]}`
    await associate(aws, `apps/${name}`, await createRole(aws, { name, trusts, statements: [] }))
    const response = await askAgent(aws.agent, `apps/${name}`)
    expect(response.status).toBe(400)
    expect(await response.text()).toContain('AccessDeniedException')
  })
})

describe("EKS's API of associations", () => {
  const clusterName = 'holdfast-lab'
  const associationSchema = z.object({ association: z.looseObject({ associationId: z.string() }) })

  test('creates, finds, changes, tags and deletes one', async () => {
    const wanted = { clusterName, namespace: 'apps', serviceAccount: 'writer', roleArn, tags: { team: 'a' } }
    const created = associationSchema.parse(await aws.call('eks', 'create_pod_identity_association', wanted))
    const one = { clusterName, associationId: created.association.associationId }
    expect(created.association).toMatchObject(wanted)

    const other = await createRole(aws, { name: 'other', statements: [] })
    await aws.call('eks', 'update_pod_identity_association', { ...one, roleArn: other })
    const resourceArn = String(created.association.associationArn)
    await aws.call('eks', 'tag_resource', { resourceArn, tags: { purpose: 'test' } })
    await aws.call('eks', 'untag_resource', { resourceArn, tagKeys: ['team'] })
    const described = associationSchema.parse(await aws.call('eks', 'describe_pod_identity_association', one))
    expect(described.association).toMatchObject({ roleArn: other, tags: { purpose: 'test' } })
    expect(described.association).not.toHaveProperty('tags.team')

    const filter = { clusterName, namespace: 'apps', serviceAccount: 'writer' }
    const listed = await aws.call('eks', 'list_pod_identity_associations', filter)
    expect(listed.associations).toMatchObject([{ associationId: one.associationId }])
    await aws.call('eks', 'delete_pod_identity_association', one)
    await expect(aws.call('eks', 'describe_pod_identity_association', one)).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    })
  })

  test.each([
    [
      'a second one for a service account',
      { namespace: 's3-test', serviceAccount: 's3-access' },
      'ResourceInUseException',
    ],
    ['one in an unknown cluster', { clusterName: 'elsewhere' }, 'ResourceNotFoundException'],
    ['one with an unknown role', { roleArn: 'arn:aws:iam::123456789012:role/none' }, 'InvalidParameterException'],
  ])('refuses %s', async (_, wrong, code) => {
    const parameters = { clusterName, namespace: 'apps', serviceAccount: 'reader', roleArn, ...wrong }
    await expect(aws.call('eks', 'create_pod_identity_association', parameters)).rejects.toMatchObject({ name: code })
  })

  test('asks IAM, for the cluster and for the role that is handed on', async () => {
    const eks = { Effect: 'Allow' as const, Action: 'eks:*', Resource: '*' }
    await associate(aws, 'apps/eks', await createRole(aws, { name: 'eks-only', statements: [eks] }))
    const create = async (serviceAccount: string) => {
      const { keys } = await podCredentials(aws.agent, serviceAccount)
      const wanted = { clusterName, namespace: 'apps', serviceAccount: 'new', roleArn }
      return aws.call('eks', 'create_pod_identity_association', wanted, keys)
    }
    await expect(create('s3-test/s3-access')).rejects.toMatchObject({
      name: 'AccessDenied',
      message: expect.stringContaining('eks:CreatePodIdentityAssociation'),
    })
    await expect(create('apps/eks')).rejects.toMatchObject({
      name: 'AccessDenied',
      message: expect.stringContaining('iam:PassRole'),
    })
  })
})

describe('the webhook', () => {
  const operationsSchema = z.array(
    z.object({ op: z.literal('add'), path: z.string(), value: z.array(z.looseObject({})) }),
  )

  async function admit(namespace: string, spec: object): Promise<z.infer<typeof operationsSchema>> {
    const review = { request: { uid: 'u', namespace, object: { spec } } }
    const answer = await post('/webhook/pod-identity', JSON.stringify(review))
    const { response } = z
      .object({ response: z.object({ uid: z.literal('u'), allowed: z.literal(true), patch: z.string().optional() }) })
      .parse(JSON.parse(answer.body))
    if (response.patch === undefined) return []
    return operationsSchema.parse(JSON.parse(Buffer.from(response.patch, 'base64').toString()))
  }

  test('leaves a pod without an association as it is', async () => {
    expect(await admit('s3-test', { containers: [{ name: 'a' }] })).toEqual([])
    expect(await admit('default', { serviceAccountName: 's3-access', containers: [{ name: 'a' }] })).toEqual([])
  })

  test('tells every container where to get credentials, and mounts a token', async () => {
    const spec = {
      serviceAccountName: 's3-access',
      volumes: [{ name: 'mine' }],
      initContainers: [{ name: 'first' }],
      containers: [{ name: 'main', env: [{ name: 'AWS_REGION', value: 'us-west-2' }] }],
    }
    const operations = new Map((await admit('s3-test', spec)).map(({ path, value }) => [path, value]))
    expect([...operations.keys()]).toEqual([
      '/spec/volumes',
      '/spec/initContainers/0/env',
      '/spec/initContainers/0/volumeMounts',
      '/spec/containers/0/env',
      '/spec/containers/0/volumeMounts',
    ])
    expect(operations.get('/spec/volumes')).toMatchObject([
      { name: 'mine' },
      { projected: { sources: [{ serviceAccountToken: { audience: 'pods.eks.amazonaws.com' } }] } },
    ])
    const env = operations.get('/spec/containers/0/env') ?? []
    expect(env.filter((variable) => variable.name === 'AWS_REGION')).toEqual([
      { name: 'AWS_REGION', value: 'us-west-2' },
    ])
    expect(env).toContainEqual({
      name: 'AWS_CONTAINER_CREDENTIALS_FULL_URI',
      value: 'http://169.254.170.23/v1/credentials',
    })
    expect(operations.get('/spec/containers/0/volumeMounts')).toMatchObject([
      { mountPath: '/var/run/secrets/pods.eks.amazonaws.com/serviceaccount', readOnly: true },
    ])
  })
})

describe('what must not be reached', () => {
  test.each([
    ['moto turning IAM off', '/moto-api/reset-auth', 'inf', 404],
    ['instance metadata', '/latest/meta-data/iam/security-credentials/default-role', '', 404],
    ['a request without a signature', '/bucket/key', '', 403],
    [
      "EKS Auth with a token that is nobody's",
      '/clusters/holdfast-lab/assume-role-for-pod-identity',
      '{"token":"x"}',
      400,
    ],
  ])('%s', async (_, path, body, status) => {
    expect((await post(path, body)).status).toBe(status)
  })
})

async function post(path: string, body: string): Promise<{ status: number; body: string }> {
  const ca = await readFile(aws.caFile)
  return new Promise((resolve, reject) => {
    const sent = request(new URL(path, aws.endpoint), { method: 'POST', ca }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        text += chunk
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text }))
    })
    sent.on('error', reject)
    sent.end(body)
  })
}
