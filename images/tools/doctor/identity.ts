import type { S3Client } from '@aws-sdk/client-s3'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { asStep } from '../catalog/open-store.ts'
import { StepError } from '../job/step-error.ts'

/** By which Pod Identity tells the SDKs of a pod where to get credentials. */
const POD_IDENTITY_VARIABLE = 'AWS_CONTAINER_CREDENTIALS_FULL_URI'

/** Who AWS takes the pod for. */
export interface Identity {
  readonly arn: string
  readonly account: string
}

/**
 * Asks AWS who the pod is.
 *
 * @param s3 whose credentials are asked for
 * @throws {StepError} `NoAssociation`, or what S3's own requests fail with
 */
export async function whoAmI(
  s3: S3Client,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Identity> {
  if (!environment[POD_IDENTITY_VARIABLE]) throw noAssociation()
  const { credentials, region, requestHandler } = s3.config
  const sts = new STSClient({ credentials, region, requestHandler })
  return await asStep('Asking AWS who the pod is', async () => {
    const { Arn: arn, Account: account } = await sts.send(new GetCallerIdentityCommand({}))
    if (arn === undefined || account === undefined) throw new Error('AWS does not say who the pod is')
    return { arn, account }
  })
}

function noAssociation(): StepError {
  return new StepError({
    type: 'NoAssociation',
    message: `The service account s3-access of this namespace has no Pod Identity association: its pods are not given ${POD_IDENTITY_VARIABLE}.`,
    remedy:
      "Name the namespace in TF_VAR_namespaces of the control namespace's ConfigMap holdfast-aws: the provision step of the next pipeline " +
      'makes the association. Does the EKS Pod Identity agent run (kubectl get daemonset eks-pod-identity-agent -n kube-system)?',
    retryable: false,
  })
}
