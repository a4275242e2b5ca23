import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals'
import { Connection } from '@temporalio/client'
import { execa } from 'execa'
import { kubectl } from '../support/lab.ts'
import { followedJob, startWaitingPipeline, terminatePipelines } from './support/pipeline.ts'
import { killSpawnedWorkers, spawnWorker } from './support/spawned-worker.ts'
import { makeWorkerLab, type WorkerLab } from './support/worker-lab.ts'

/** A worker takes seconds to start, and more on a machine that has other things to do. */
jest.setTimeout(90_000)

let own: WorkerLab
let connection: Connection

beforeAll(async () => {
  own = await makeWorkerLab()
  connection = await Connection.connect({ address: own.lab.temporal.address })
})
afterEach(async () => {
  await killSpawnedWorkers()
  await terminatePipelines()
})
afterAll(async () => {
  await connection.close()
  await own.remove()
})

test('each line of the log is an object with its level, its time and its message', async () => {
  const worker = spawnWorker(own.environment)
  expect(await worker.line('Worker ready')).toMatchObject({ level: 'info', taskQueue: own.namespace })
  worker.kill('SIGTERM')
  expect(await worker.ended).toEqual({ exitCode: 0 })
  for (const line of worker.lines) {
    expect(line).toMatchObject({
      level: expect.stringMatching(/^(info|warn)$/),
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      message: expect.any(String),
    })
  }
})

test("an activity's lines, its failure too, say of which workflow, run, activity and Job they are", async () => {
  const worker = spawnWorker(own.environment)
  const pipeline = await startWaitingPipeline(connection, own)
  const { runId } = await pipeline.describe()
  const job = await followedJob(worker)
  const known = {
    workflowId: pipeline.workflowId,
    runId,
    activityType: 'provision',
    job: `${own.namespace}/${job}`,
  }
  expect(await worker.line('Following a Job')).toMatchObject({ level: 'info', ...known })

  await kubectl(own.lab, '--namespace', own.namespace, 'delete', 'job', job)
  expect(await worker.line('Activity failed')).toMatchObject({
    level: 'warn',
    ...known,
    error: { message: expect.stringContaining('somebody deleted it') },
  })
})

test('on a terminal the lines are for people', async () => {
  // util-linux' `script` gives its command a terminal.
  const { stdout } = await execa('script', ['-qec', `'${process.execPath}' src/worker.ts`, '/dev/null'], {
    env: { PATH: process.env.PATH },
    extendEnv: false,
    reject: false,
  })
  expect(stdout).toMatch(/FATAL\S*: \S*The worker cannot start: its environment is wrong/)
  expect(stdout).not.toContain('"level"')
})
