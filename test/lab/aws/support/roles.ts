import type { StandIn } from './stand-in.ts'

const POD_IDENTITY = 'pods.eks.amazonaws.com'

type Statement = { Effect: 'Allow'; Action: string | string[]; Resource: string | string[] }

type RoleOptions = {
  name: string
  statements: Statement[]
  /** Left out: what EKS Pod Identity needs. */
  trusts?: { service: string; actions: string[] }
}

/** Makes a role as an administrator would, and gives its ARN. */
export async function createRole(aws: StandIn, options: RoleOptions): Promise<string> {
  const { service, actions } = options.trusts ?? {
    service: POD_IDENTITY,
    actions: ['sts:AssumeRole', 'sts:TagSession'],
  }
  const trust = { Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: actions }] }
  await aws.call('iam', 'create_role', { RoleName: options.name, AssumeRolePolicyDocument: policy(trust) })
  // IAM knows no policy without a statement.
  if (options.statements.length > 0)
    await aws.call('iam', 'put_role_policy', {
      RoleName: options.name,
      PolicyName: 'policy',
      PolicyDocument: policy({ Statement: options.statements }),
    })
  return `arn:aws:iam::123456789012:role/${options.name}`
}

/** Associates a service account, `namespace/name`, with a role. */
export async function associate(aws: StandIn, serviceAccount: string, roleArn: string): Promise<void> {
  const [namespace = '', name = ''] = serviceAccount.split('/')
  await aws.call('eks', 'create_pod_identity_association', {
    clusterName: 'holdfast-lab',
    namespace,
    serviceAccount: name,
    roleArn,
  })
}

function policy(document: object): string {
  return JSON.stringify({ Version: '2012-10-17', ...document })
}
