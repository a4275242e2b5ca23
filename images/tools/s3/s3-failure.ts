import { StepError } from '../job/step-error.ts'

interface KnownFailure {
  /** In the words of S3 or of its clients. */
  readonly pattern: RegExp
  readonly type: string
  readonly remedy: string
  readonly retryable: boolean
}

const KNOWN_FAILURES: readonly KnownFailure[] = [
  {
    pattern: /ExpiredToken|InvalidAccessKeyId|InvalidToken|RequestTimeTooSkewed/,
    type: 'CredentialsNotAccepted',
    remedy: 'The temporary credentials of the pod are no longer, or not yet, good: a new pod gets new ones.',
    retryable: true,
  },
  {
    pattern: /AccessDenied|StatusCode: 403|Forbidden/,
    type: 'AccessDenied',
    remedy:
      "The role of the pod's service account must allow it: see its Pod Identity association and the role's policy.",
    retryable: false,
  },
  {
    pattern:
      /no EC2 IMDS role found|failed to refresh cached credentials|NoCredentialProviders|get credentials|CredentialsProviderError/,
    type: 'NoCredentials',
    remedy:
      "The pod got no AWS credentials: its service account needs a Pod Identity association in the pod's namespace.",
    retryable: false,
  },
  {
    pattern: /NoSuchBucket/,
    type: 'BucketMissing',
    remedy: 'The provision step makes the bucket: has somebody removed it since, or is the name another one?',
    retryable: false,
  },
  {
    pattern: /no space left on device/i,
    type: 'VolumeFull',
    remedy: "Give the step's volume more space.",
    retryable: false,
  },
  {
    pattern: /certificate signed by unknown authority|certificate is not trusted/,
    type: 'CertificateNotTrusted',
    remedy: 'The ConfigMap `holdfast-ca` must hold the certificate of the authority that signed the endpoint.',
    retryable: false,
  },
]

/** What failed at S3 as a step's failure, with what is known to help. @param errors in the client's words */
export function s3Failure(what: string, errors: readonly string[], cause?: unknown): StepError {
  const text = errors.join(' ')
  const known = KNOWN_FAILURES.find(({ pattern }) => pattern.test(text))
  return new StepError({
    type: known?.type ?? 'S3Failed',
    message: `${what} failed: ${errors.join(' | ') || String(cause)}.`,
    remedy: known?.remedy ?? 'S3 or the way to it failed: trying again goes on with what is missing.',
    retryable: known?.retryable ?? true,
    cause,
  })
}
