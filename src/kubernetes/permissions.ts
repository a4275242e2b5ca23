/** Where a permission is needed: in the whole cluster, in the control namespace, or in each namespace of a pipeline. */
export type PermissionScope = 'cluster' | 'controlNamespace' | 'pipelineNamespace'

/** What a worker must be allowed to do in Kubernetes, in the words of RBAC. */
export interface NeededPermission {
  readonly scope: PermissionScope
  /** Empty for Kubernetes' core group, as RBAC has it. */
  readonly apiGroup: string
  /** With its subresource, if it is one: `pods/log`. */
  readonly resource: string
  readonly verbs: readonly string[]
  readonly why: string
}

/** What following Jobs takes, in every namespace where there are any. */
const jobsOf = (scope: PermissionScope): readonly NeededPermission[] => [
  {
    scope,
    apiGroup: 'batch',
    resource: 'jobs',
    verbs: ['create', 'get', 'list', 'watch', 'delete'],
    why: 'each step is a Job: it is submitted or found again, followed, and deleted when its pipeline is cancelled',
  },
  {
    scope,
    apiGroup: '',
    resource: 'pods',
    verbs: ['list', 'watch'],
    why: "a Job's answer, and why it failed, stand in its pod's status",
  },
  {
    scope,
    apiGroup: '',
    resource: 'pods/log',
    verbs: ['get'],
    why: "a step's progress, and the last lines of one that failed",
  },
  {
    scope,
    apiGroup: '',
    resource: 'events',
    verbs: ['list'],
    why: 'a Job whose pod is not admitted (quota, Pod Security, a webhook) says so only in an event',
  },
]

/**
 * All that a worker does in Kubernetes. It stands here once, as data: the worker checks it before it starts, and RBAC
 * manifests can be made from it. Who adds a request to src/kubernetes or src/activities adds it here.
 */
export const NEEDED_PERMISSIONS: readonly NeededPermission[] = [
  {
    scope: 'cluster',
    apiGroup: '',
    resource: 'namespaces',
    verbs: ['create', 'get'],
    why: "a pipeline's namespace is made where it is missing, and one that was deleted is looked for until it is gone",
  },
  ...jobsOf('controlNamespace'),
  {
    scope: 'controlNamespace',
    apiGroup: '',
    resource: 'configmaps',
    verbs: ['get'],
    why: 'the settings for AWS (holdfast-aws, holdfast-ca) are copied from here',
  },
  {
    scope: 'pipelineNamespace',
    apiGroup: '',
    resource: 'namespaces',
    verbs: ['delete'],
    why: "a clean-up deletes a namespace that Holdfast made. Granted in the namespace itself: it is not to reach anybody else's",
  },
  ...jobsOf('pipelineNamespace'),
  {
    scope: 'pipelineNamespace',
    apiGroup: '',
    resource: 'configmaps',
    verbs: ['create', 'patch'],
    why: 'the settings for AWS are copied to here, by server-side apply',
  },
  {
    scope: 'pipelineNamespace',
    apiGroup: '',
    resource: 'secrets',
    verbs: ['create'],
    why: "MySQL's password is made once, and never read",
  },
  {
    scope: 'pipelineNamespace',
    apiGroup: '',
    resource: 'serviceaccounts',
    verbs: ['create', 'patch'],
    why: 'the Jobs run under the service account s3-access, which is applied',
  },
  {
    scope: 'pipelineNamespace',
    apiGroup: '',
    resource: 'persistentvolumeclaims',
    verbs: ['create', 'get', 'delete'],
    why: "MySQL's data and each backup's staging volume: made, and taken back after a failure",
  },
  {
    scope: 'pipelineNamespace',
    apiGroup: '',
    resource: 'services',
    verbs: ['create', 'get', 'patch', 'delete'],
    why: "MySQL's Service: made or brought up to date, and taken back after a failure",
  },
  {
    scope: 'pipelineNamespace',
    apiGroup: 'apps',
    resource: 'deployments',
    verbs: ['create', 'get', 'patch', 'delete'],
    why: "MySQL's Deployment: made or brought up to date, and taken back after a failure",
  },
]
