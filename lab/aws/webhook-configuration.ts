/** Where the lab's API server finds the webhook. */
const WEBHOOK_URL = 'https://10.95.0.1:8443/webhook/pod-identity'

/**
 * The MutatingWebhookConfiguration that stands in for EKS's own: pods of a service account with a Pod Identity association
 * are told where to get credentials.
 *
 * It fails open, as on EKS: while the stand-in is down, pods that need no AWS must start all the same, the lab's own
 * included. A pod that misses its credentials for it says so itself, and its Job is tried again.
 *
 * @param caPem The CA of the stand-in's certificate, PEM.
 */
export function podIdentityWebhook(caPem: string): object {
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'MutatingWebhookConfiguration',
    metadata: { name: 'pod-identity' },
    webhooks: [
      {
        name: 'pod-identity.lab.holdfast',
        clientConfig: { url: WEBHOOK_URL, caBundle: Buffer.from(caPem).toString('base64') },
        rules: [{ operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods'] }],
        namespaceSelector: {
          matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: ['kube-system'] }],
        },
        failurePolicy: 'Ignore',
        reinvocationPolicy: 'IfNeeded',
        sideEffects: 'None',
        timeoutSeconds: 5,
        admissionReviewVersions: ['v1'],
      },
    ],
  }
}
