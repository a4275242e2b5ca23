import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { Worker, type WorkflowBundle } from '@temporalio/worker'
import { execa } from 'execa'
import { examineServer } from '../../images/tools/doctor/examine-mysql.ts'
import { withConnection } from '../../images/tools/mysql/connection.ts'
import type { MysqlAccount } from '../../images/tools/mysql/settings.ts'
import { assertPrivileges } from '../../images/tools/privileges/assert-privileges.ts'
import { neededPrivileges } from '../../images/tools/privileges/needed-privileges.ts'
import { createActivities } from '../../src/activities/index.ts'
import { DATA_FOLDERS } from '../../src/catalog/catalog-keys.ts'
import { S3Store } from '../../src/catalog/s3-store.ts'
import { diagnose } from '../../src/cli/doctor/diagnose.ts'
import type { CheckName, Finding } from '../../src/domain/doctor.ts'
import { type DoctorRequestInput, parseDoctorRequest } from '../../src/domain/doctor-request.ts'
import type { Activities } from '../../src/domain/step-inputs.ts'
import { JobRunner } from '../../src/kubernetes/job-runner.ts'
import { connectKubernetes } from '../../src/kubernetes/kubernetes-client.ts'
import { workflowBundle } from '../../src/worker/workflow-bundle.ts'
import { administratorS3, configOf, kubectl } from '../support/lab.ts'
import { mysqlAccount } from '../support/mysql-account.ts'
import type { WorkflowWorld } from '../support/run-workflow.ts'
import { ToolsPod } from '../support/tools-pod.ts'
import { eventually } from '../worker/support/eventually.ts'
import { ownName } from '../worker/support/worker-lab.ts'
import { DoctorFaults } from './doctor-faults.ts'
import { type Round, roundSchema } from './under-writes/round.ts'

const MOST_MILLISECONDS = 300_000
const AHEAD_MILLISECONDS = 600_000
const NO_IMAGE = 'localhost/holdfast/tools:nowhere'

/** A doctor's findings where one thing is wrong, made so beforehand. */
interface Fault {
  readonly request: DoctorRequestInput
  /** Of a worker that has something of its own. */
  readonly taskQueue?: string
}

/**
 * Tests that need a MySQL that Holdfast deployed, in a namespace with Pod Identity, and the bucket. Faults of Temporal and of the worker
 * are made in test/cli/doctor.test.ts.
 *
 * @param worldOf what workflows are run by, once the tests run
 * @param schema one with every kind of object
 */
export function describeDoctor(worldOf: () => WorkflowWorld, namespace: string, schema: string): void {
  const workers: { readonly worker: Worker; readonly running: Promise<void> }[] = []
  const runners: JobRunner[] = []
  let bundle: WorkflowBundle
  let faults: DoctorFaults
  let findings: ReadonlyMap<string, Promise<readonly Finding[]>>
  let healthy: Promise<{ readonly stdout: string; readonly exitCode?: number }>

  describe('a doctor', () => {
    beforeAll(async () => {
      const { lab } = worldOf()
      process.env.TEMPORAL_ADDRESS = lab.temporal.address
      bundle = await workflowBundle()
      faults = await DoctorFaults.open(lab, namespace)
      const ordinary = await startWorker(activitiesOf())
      healthy = runCommand(ordinary)
      const made = await makeFaults()
      // All at the same time: what each waits for, Kubernetes does at its own pace.
      findings = new Map(Object.entries(made).map(([name, fault]) => [name, findingsOf(fault, ordinary)]))
      // Each is waited for by its own test.
      for (const each of findings.values()) each.catch(() => undefined)
    }, MOST_MILLISECONDS)

    afterAll(async () => {
      await Promise.allSettled([healthy, ...(findings?.values() ?? [])])
      for (const { worker } of workers) worker.shutdown()
      await Promise.all(workers.map(({ running }) => running))
      await Promise.all(runners.map((runner) => runner.stop()))
      await faults?.takeBack()
    }, MOST_MILLISECONDS)

    test(
      'finds nothing wrong with the lab, and leaves nothing behind',
      async () => {
        const { stdout, exitCode } = await healthy
        const lines = stdout.split('\n')
        expect(lines.filter((line) => !line.startsWith('✔'))).toEqual(['Nothing is wrong.'])
        expect(lines).toHaveLength(18)
        expect(exitCode).toBe(0)
        for (const told of [
          /^✔ Engine image: mysqldump \d+\.\d+.*, rclone 1\.\d+/,
          /^✔ Terraform image: Terraform 1\.\d+\.\d+, in \S+\/terraform:/,
          /^✔ MySQL image: MySQL \d+\.\d+.*, in \S+\/mysql:/,
          /^✔ Pod Identity: arn:aws:sts::\d{12}:assumed-role\/eks-s3-test\//,
          /^✔ Bucket access: .* in test-\d{12}$/,
          /^✔ MySQL: \d+\.\d+.* at mysql:3306, as 'root'@'%'; \d+ schemas? to back up, /,
          /^✔ Volume space: .* free, for a dump of /,
          /^✔ Clocks: at most this far from Temporal's: worker \d.*, pod .*, S3 /,
        ]) {
          expect(lines).toContainEqual(expect.stringMatching(told))
        }
        const { lab } = worldOf()
        await Promise.allSettled(findings.values())
        expect(await trials()).toEqual([])
        await eventually(async () => {
          const claims = await kubectl(lab, '--namespace', namespace, 'get', 'pvc', '--output=name')
          expect(claims).not.toContain('/staging-')
        })
      },
      MOST_MILLISECONDS,
    )

    test.each<[string, CheckName, RegExp, RegExp]>([
      [
        'Kubernetes not to be reached',
        'kubernetes',
        /127\.0\.0\.1:2 cannot be reached by the worker: .*ECONNREFUSED/,
        /KUBECONFIG/,
      ],
      ['a verb missing', 'permissions', /may not delete on jobs\.batch in namespace \S+$/, /Role or ClusterRole/],
      ['image not found', 'image', /tools:nowhere is not to be had/, /HOLDFAST_TOOLS_IMAGE/],
      ['no association', 'identity', /no Pod Identity association/, /TF_VAR_namespaces/],
      ["a stranger's bucket", 'bucket', /^Listing somebody-elses failed: .*AccessDenied/, /role of the pod/],
      ['versioning suspended', 'bucketSettings', /: versioning is Suspended: [^;]*$/, /provision step/],
      ['no MySQL', 'mysql', /MySQL at nowhere\.\S+:3306 cannot be reached/, /Deployment/],
      [
        'a privilege missing',
        'privileges',
        /^'doctor_poor'@'%' lacks RELOAD on \*\.\*\.$/,
        /GRANT RELOAD ON \*\.\* TO 'doctor_poor'@'%';$/,
      ],
      ['no room for a volume', 'volume', /refused: .*exceeded quota/, /quota/],
      // As if the pod's clock were ahead: what reads it is the pod's own.
      [
        'a clock ahead',
        'clocks',
        /^the clock of pod is at least 5\d\d\.\d s ahead of Temporal's\. 5 s are allowed\.$/,
        /NTP/,
      ],
    ])(
      'finds %s, and nothing else, and says what to do',
      async (name, check, found, remedy) => {
        const wrong = (await findings.get(name))?.filter(({ state }) => state === 'failed')
        expect(wrong).toEqual([
          { check, state: 'failed', found: expect.stringMatching(found), remedy: expect.stringMatching(remedy) },
        ])
      },
      MOST_MILLISECONDS,
    )

    test.each<[CheckName, RegExp, RegExp]>([
      ['terraformImage', /^Job holdfast\/hf-doctor-terraform-\S+: .*tools:nowhere is not/, /HOLDFAST_TERRAFORM_IMAGE/],
      ['mysqlImage', /^Job \S+\/hf-doctor-mysql-\S+: .*tools:nowhere is not to be had/, /HOLDFAST_MYSQL_IMAGE/],
    ])(
      'finds the %s not to be had, where Terraform and MySQL are not, and no other',
      async (check, found, remedy) => {
        const wrong = (await findings.get('no Terraform and no MySQL'))?.filter(({ state }) => state === 'failed')
        expect(wrong?.map((finding) => finding.check)).toEqual(['terraformImage', 'mysqlImage'])
        expect(wrong?.find((finding) => finding.check === check)).toEqual({
          check,
          state: 'failed',
          found: expect.stringMatching(found),
          remedy: expect.stringMatching(remedy),
        })
      },
      MOST_MILLISECONDS,
    )

    test(
      'asks for no privilege less than a dump and its restore need',
      async () => {
        const { lab } = worldOf()
        const root = await mysqlAccount(lab, namespace)
        const server = await withConnection(root, (connection) => examineServer(connection, [schema]))
        const needed = neededPrivileges(server).map((each) =>
          each.schema === `${schema}_restored` ? { ...each, schema: `${schema}_round` } : each,
        )
        expect(await dumpAndRestore(await faults.makeUserWith(needed))).toMatchObject([{ differences: [] }])
      },
      MOST_MILLISECONDS,
    )

    test(
      'counts privileges that an account has by a role',
      async () => {
        const { lab } = worldOf()
        const account = { ...(await mysqlAccount(lab, namespace)), ...(await faults.makeUserWithRole()) }
        await withConnection(account, async (connection) => {
          const server = await examineServer(connection, [])
          const needed = neededPrivileges(server)
          await assertPrivileges(connection, server, needed)
          // And would find it out if they were not there.
          await connection.query('SET ROLE NONE')
          await expect(assertPrivileges(connection, server, needed)).rejects.toMatchObject({
            type: 'PrivilegesMissing',
          })
        })
      },
      MOST_MILLISECONDS,
    )
  })

  /** Dumps the schema as some account, restores it beside itself, and compares. */
  async function dumpAndRestore({ user, password }: Pick<MysqlAccount, 'user' | 'password'>): Promise<Round[]> {
    const pod = await ToolsPod.start(worldOf().lab, namespace, 'doctor-privileges', 'dump-and-upload')
    const rounds: Round[] = []
    try {
      const file = '/tmp/password'
      await pod.run(['sh', '-c', 'printf %s "$1" > "$2"', 'sh', password, file])
      const environment = { SCHEMA: schema, ROUNDS: '1', MYSQL_USER: user, MYSQL_PASSWORD_FILE: file }
      await pod.runProgram('test/e2e/under-writes/dump-rounds.ts', environment, (line) => {
        rounds.push(roundSchema.parse(JSON.parse(line)))
      })
      return rounds
    } finally {
      await pod.remove()
    }
  }

  async function makeFaults(): Promise<Record<string, Fault>> {
    const { lab } = worldOf()
    const host = `mysql.${namespace}.svc.cluster.local`
    const [strangers, cramped] = [await faults.makeStrangersNamespace(), await faults.makeCrampedNamespace()]
    const bucket = await faults.makeBucketWithoutVersions()
    const poor = await faults.makeUserWithoutLock()
    const account = await faults.makeAccountWithoutVerb(strangers, 'jobs', 'delete')
    const ofAccount = activitiesOf({ controlNamespace: strangers }, account.kubeconfig)
    const images = { ...lab.images, tools: NO_IMAGE }
    return {
      'Kubernetes not to be reached': {
        request: { namespace },
        taskQueue: await startWorker(activitiesOf({}, await faults.makeKubeconfigOfNobody())),
      },
      'a verb missing': { request: { namespace }, taskQueue: await startWorker(ofAccount) },
      'image not found': {
        request: { namespace, patienceSeconds: 5 },
        taskQueue: await startWorker(activitiesOf({ images })),
      },
      'no Terraform and no MySQL': {
        request: { namespace },
        taskQueue: await startWorker(activitiesOf({ images: { ...lab.images, terraform: NO_IMAGE, mysql: NO_IMAGE } })),
      },
      'no association': { request: { namespace: strangers, server: { host } } },
      "a stranger's bucket": { request: { namespace, bucket: 'somebody-elses' } },
      'versioning suspended': { request: { namespace, bucket } },
      'no MySQL': { request: { namespace, server: { host: `nowhere.${namespace}.svc.cluster.local` } } },
      'a privilege missing': { request: { namespace, server: { host: 'mysql', ...poor } } },
      'no room for a volume': { request: { namespace: cramped, server: { host } } },
      'a clock ahead': { request: { namespace }, taskQueue: await startWorker(withClockAhead(activitiesOf())) },
    } satisfies Record<string, Fault>
  }

  /** The product's own activities, with settings of the worker's or an account in Kubernetes that are others. */
  function activitiesOf(change: Partial<ReturnType<typeof configOf>> = {}, kubeconfig?: string): Activities {
    const kubernetes = connectKubernetes(kubeconfig)
    const runner = new JobRunner(kubernetes)
    runners.push(runner)
    return createActivities({ config: { ...configOf(worldOf().lab, 'unused'), ...change }, kubernetes, runner })
  }

  /** @returns its task queue */
  async function startWorker(activities: Activities): Promise<string> {
    const taskQueue = ownName()
    const worker = await Worker.create({
      connection: worldOf().nativeConnection,
      taskQueue,
      workflowBundle: bundle,
      activities,
    })
    workers.push({ worker, running: worker.run() })
    return taskQueue
  }

  async function runCommand(taskQueue: string): Promise<{ readonly stdout: string; readonly exitCode?: number }> {
    const args = ['src/cli/main.ts', 'doctor', '--namespace', namespace, '--task-queue', taskQueue]
    const env = { TEMPORAL_ADDRESS: worldOf().lab.temporal.address, NO_COLOR: '1' }
    return await execa(process.execPath, args, { env, reject: false })
  }

  /** What is left of what doctors put into the bucket. */
  async function trials(): Promise<string[]> {
    const { lab } = worldOf()
    const s3 = await administratorS3(lab)
    try {
      const keys: string[] = []
      const store = new S3Store(s3, `test-${lab.aws.accountId}`)
      for (const folder of DATA_FOLDERS) for await (const { key } of store.list(`${folder}doctor/`)) keys.push(key)
      return keys
    } finally {
      s3.destroy()
    }
  }
}

async function findingsOf({ request, taskQueue }: Fault, ordinary: string): Promise<readonly Finding[]> {
  return await diagnose(parseDoctorRequest(request), { taskQueue: taskQueue ?? ordinary, fix: false })
}

/** What pods answer, as if their clock were ahead of all others. */
function withClockAhead(activities: Activities): Activities {
  return {
    ...activities,
    examinePod: async (input) => {
      const { clocks, ...found } = await activities.examinePod(input)
      if (!clocks) return found
      const others = clocks.others.map(({ whose, least, most }) => {
        return { whose, least: least - AHEAD_MILLISECONDS, most: most - AHEAD_MILLISECONDS }
      })
      return { ...found, clocks: { pod: clocks.pod + AHEAD_MILLISECONDS, others } }
    },
  }
}
