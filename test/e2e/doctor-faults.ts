import { randomBytes } from 'node:crypto'
import type { MysqlAccount } from '../../images/tools/mysql/settings.ts'
import { grantStatements, type NeededPrivileges } from '../../images/tools/privileges/needed-privileges.ts'
import { readAdminCredentials } from '../../lab/aws/stand-in-client.ts'
import { ensurePythonTools } from '../../lab/python-tools.ts'
import { NEEDED_PERMISSIONS } from '../../src/kubernetes/permissions.ts'
import { startAwsCaller } from '../lab/aws/support/aws-caller.ts'
import { kubectl, makeNamespaceForJobs, mysql, type WholeLab } from '../support/lab.ts'
import { provisionBucket } from '../support/provision-bucket.ts'
import { type Account, kubeconfigWith, makeAccount } from '../worker/support/account.ts'
import { applyObjects, ownName } from '../worker/support/worker-lab.ts'

/** As terraform/storage calls the role of the pods. */
const PODS_ROLE = 'eks-s3-test'
/** Nobody listens there, and fetch allows it, unlike port 1. */
const NOBODY = 'https://127.0.0.1:2'

/** A user of MySQL's who may do all but what is left out, and the Secret with the password. */
export interface PoorUser {
  readonly user: string
  readonly passwordSecret: string
}

/** Calls AWS as its administrator. */
type AwsCall = (service: string, operation: string, parameters: object) => Promise<Record<string, unknown>>

/** Makes faults in the lab, each beside what others need there, and takes them back. */
export class DoctorFaults {
  readonly #lab: WholeLab
  /** With a MySQL, which is shared. */
  readonly #namespace: string
  readonly #call: AwsCall
  readonly #undo: (() => Promise<unknown>)[]

  private constructor(lab: WholeLab, namespace: string, call: AwsCall, undo: (() => Promise<unknown>)[]) {
    this.#lab = lab
    this.#namespace = namespace
    this.#call = call
    this.#undo = undo
  }

  static async open(lab: WholeLab, namespace: string): Promise<DoctorFaults> {
    const python = await ensurePythonTools(() => undefined)
    const caller = startAwsCaller(python.path('python'), lab.aws.endpoint, lab.aws.caFile)
    const keys = await readAdminCredentials(lab.aws.adminCredentialsFile)
    const call: AwsCall = (service, operation, parameters) => caller.call(service, operation, parameters, keys)
    return new DoctorFaults(lab, namespace, call, [() => caller.stop()])
  }

  /** Takes all back, newest first; what fails does not stop the others. */
  async takeBack(): Promise<void> {
    const failures: unknown[] = []
    for (const undo of this.#undo.toReversed()) await undo().catch((error: unknown) => failures.push(error))
    if (failures.length > 0) throw new AggregateError(failures, 'Not all faults of the test were taken back.')
  }

  /** A namespace like the pipelines', but that no Pod Identity association names it. It has the password of the shared MySQL. */
  async makeStrangersNamespace(): Promise<string> {
    const name = ownName()
    await makeNamespaceForJobs(this.#lab, name)
    this.#undo.push(() => kubectl(this.#lab, 'delete', 'namespace', name, '--wait=false'))
    const inShared = ['--namespace', this.#namespace, 'get', 'secret', 'mysql']
    const password = await kubectl(this.#lab, ...inShared, '--output=jsonpath={.data.password}')
    await applyObjects(this.#lab, [
      { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'mysql', namespace: name }, data: { password } },
    ])
    return name
  }

  /** A namespace like the pipelines', in which no volume is to be had that is larger than 1 GiB. */
  async makeCrampedNamespace(): Promise<string> {
    const namespace = await this.makeStrangersNamespace()
    const quota = { hard: { 'requests.storage': '1Gi' } }
    await applyObjects(this.#lab, [
      { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'small', namespace }, spec: quota },
    ])
    const cluster = { clusterName: 'holdfast-lab' }
    const roleArn = `arn:aws:iam::${this.#lab.aws.accountId}:role/${PODS_ROLE}`
    const order = { ...cluster, namespace, serviceAccount: 's3-access', roleArn }
    const { association } = await this.#call('eks', 'create_pod_identity_association', order)
    const { associationId } = association as { associationId: string }
    this.#undo.push(() => this.#call('eks', 'delete_pod_identity_association', { ...cluster, associationId }))
    return namespace
  }

  /** A bucket that pods may use, set as terraform/storage does but for its versioning, which is suspended. */
  async makeBucketWithoutVersions(): Promise<string> {
    const Bucket = ownName()
    const set = (operation: string, parameters: object = {}) => this.#call('s3', operation, { Bucket, ...parameters })
    await set('create_bucket', { CreateBucketConfiguration: { LocationConstraint: this.#lab.aws.region } })
    this.#undo.push(() => set('delete_bucket'))
    await provisionBucket(set)
    await set('put_bucket_versioning', { VersioningConfiguration: { Status: 'Suspended' } })
    const policy = { RoleName: PODS_ROLE, PolicyName: Bucket }
    const Resource = [`arn:aws:s3:::${Bucket}`, `arn:aws:s3:::${Bucket}/*`]
    const document = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:*', Resource }] }
    await this.#call('iam', 'put_role_policy', { ...policy, PolicyDocument: JSON.stringify(document) })
    this.#undo.push(() => this.#call('iam', 'delete_role_policy', policy))
    // Where versioning is suspended, a deletion leaves its marker.
    this.#undo.push(async () => {
      const { DeleteMarkers = [], Versions = [] } = await set('list_object_versions')
      for (const { Key, VersionId } of [DeleteMarkers, Versions].flat() as { Key: string; VersionId: string }[]) {
        await set('delete_object', { Key, VersionId })
      }
    })
    return Bucket
  }

  /** A user of the shared MySQL who may do everything, but for the global read lock. */
  async makeUserWithoutLock(): Promise<PoorUser> {
    const user = 'doctor_poor'
    const passwordSecret = 'doctor-poor'
    const password = await this.#makeUser(user, [
      `GRANT ALL ON *.* TO ${user} WITH GRANT OPTION`,
      `REVOKE RELOAD, FLUSH_TABLES ON *.* FROM ${user}`,
    ])
    const metadata = { name: passwordSecret, namespace: this.#namespace }
    await applyObjects(this.#lab, [{ apiVersion: 'v1', kind: 'Secret', metadata, stringData: { password } }])
    return { user, passwordSecret }
  }

  /** A user of the shared MySQL who has all privileges, and every one of them by a role. */
  async makeUserWithRole(): Promise<Pick<MysqlAccount, 'user' | 'password'>> {
    const [user, role] = ['doctor_rich', 'doctor_role']
    const drop = `DROP ROLE IF EXISTS ${role}`
    await mysql(this.#lab, this.#namespace, drop)
    this.#undo.push(() => mysql(this.#lab, this.#namespace, drop))
    const password = await this.#makeUser(user, [
      `CREATE ROLE ${role}`,
      `GRANT ALL ON *.* TO ${role} WITH GRANT OPTION`,
      `GRANT ${role} TO ${user}`,
      `SET DEFAULT ROLE ${role} TO ${user}`,
    ])
    return { user, password }
  }

  /** A user of the shared MySQL who may do just this. */
  async makeUserWith(privileges: readonly NeededPrivileges[]): Promise<Pick<MysqlAccount, 'user' | 'password'>> {
    const user = 'doctor_thrifty'
    const statements = grantStatements(privileges, user, true).map((statement) => statement.replace(/;$/, ''))
    return { user, password: await this.#makeUser(user, statements) }
  }

  /** @returns its password */
  async #makeUser(user: string, statements: readonly string[]): Promise<string> {
    const password = randomBytes(12).toString('hex')
    const drop = `DROP USER IF EXISTS ${user}`
    const create = `CREATE USER ${user} IDENTIFIED BY '${password}'`
    await mysql(this.#lab, this.#namespace, [drop, create, ...statements].join('; '))
    this.#undo.push(() => mysql(this.#lab, this.#namespace, drop))
    return password
  }

  /** A worker's account that may do all that is needed in the namespace, but for one verb. */
  async makeAccountWithoutVerb(controlNamespace: string, resource: string, verb: string): Promise<Account> {
    const permissions = NEEDED_PERMISSIONS.map((permission) =>
      permission.scope === 'pipelineNamespace' && permission.resource === resource
        ? { ...permission, verbs: permission.verbs.filter((each) => each !== verb) }
        : permission,
    )
    const account = await makeAccount(this.#lab, permissions, { controlNamespace, pipelineNamespace: this.#namespace })
    this.#undo.push(() => account.remove())
    return account
  }

  /** A kubeconfig by which nobody is reached. */
  async makeKubeconfigOfNobody(): Promise<string> {
    const { kubeconfig, remove } = await kubeconfigWith(this.#lab, { token: 'none' }, NOBODY)
    this.#undo.push(remove)
    return kubeconfig
  }
}
