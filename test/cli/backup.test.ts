import { randomUUID } from 'node:crypto'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { ApplicationFailure } from '@temporalio/activity'
import { DefaultLogger, Runtime } from '@temporalio/worker'
import { execa } from 'execa'
import { type StubActivities, stubActivities } from '../support/stub-activities.ts'
import { SETUP_MILLISECONDS, TestTemporal, untilCancelled } from '../support/test-temporal.ts'
import { eventually } from '../worker/support/eventually.ts'
import { runCli } from './support/run-cli.ts'

const TEST_MILLISECONDS = 120_000
const STOP_MILLISECONDS = 10_000

let temporal: TestTemporal

beforeAll(async () => {
  // What the commands say in this process is compared.
  Runtime.install({ logger: new DefaultLogger('ERROR', () => undefined) })
  temporal = await TestTemporal.devServer()
  process.env.TEMPORAL_ADDRESS = temporal.environment.address
}, SETUP_MILLISECONDS)

afterAll(async () => {
  delete process.env.TEMPORAL_ADDRESS
  await temporal.stop()
})

/** Runs a command in a process of its own: beside others, or to be interrupted. */
function holdfast(...words: string[]) {
  const env = { TEMPORAL_ADDRESS: temporal.environment.address }
  return execa(process.execPath, ['src/cli/main.ts', ...words], { reject: false, env })
}

/** Runs a worker whose steps do this, and the CLI's `backup start` on its task queue. @returns what `during` returns */
async function withPipeline<Result>(
  stub: StubActivities,
  options: readonly string[],
  during: (workflowId: string) => Promise<Result>,
): Promise<Result> {
  return await temporal.runWith(stub, async (taskQueue) => {
    const workflowId = `night of ${randomUUID()}`
    const where = ['--task-queue', taskQueue, '--workflow-id', workflowId]
    const { stdout, exitCode } = await runCli('backup', 'start', '--sample-data', 'sysbench', ...where, ...options)
    expect({ stdout, exitCode }).toEqual({ stdout: workflowId, exitCode: 0 })
    return await during(workflowId)
  })
}

/** Steps of which the dump waits until it may end. */
function waitingDump() {
  const reached = Promise.withResolvers<void>()
  const go = Promise.withResolvers<void>()
  const stub = stubActivities(async (name) => {
    if (name !== 'dump') return
    reached.resolve()
    await go.promise
  })
  return { stub, reached: reached.promise, go: () => go.resolve() }
}

test(
  'a pipeline is watched, left, paused, looked at and watched again to its end',
  async () => {
    const { stub, reached, go } = waitingDump()
    await withPipeline(stub, [], async (id) => {
      const watching = holdfast('backup', 'watch', id)
      await reached
      await untilSaid(watching, /^dump +running$/)
      const stoppedAt = performance.now()
      watching.kill('SIGINT')
      const left = await watching
      expect(left.exitCode).toBe(130)
      // Temporal's client alone would go on for 20 s.
      expect(performance.now() - stoppedAt).toBeLessThan(STOP_MILLISECONDS)
      expect(left.stderr).toContain(`To follow it further: holdfast backup watch '${id}'`)
      expect(left.stdout).toBe('')

      expect((await runCli('backup', 'pause', id)).exitCode).toBe(0)
      const status = await eventually(async () => {
        const { stdout } = await runCli('backup', 'status', id)
        if (!stdout.includes('Paused')) throw new Error(stdout)
        return stdout
      })
      expect(status).toMatch(/^BackupPipeline night of .* of s3-test\/sbtest: running$/m)
      expect(status).toMatch(/^deployMysql +done +\d+\.\d +MySQL 8\.0\.42$/m)
      expect(status).toMatch(/^dump +running$/m)
      expect(status).toContain(`holdfast backup resume '${id}'`)

      const watchingAgain = holdfast('backup', 'watch', id)
      await untilSaid(watchingAgain, /^Paused before the next step/)
      expect((await runCli('backup', 'resume', id, '--quiet')).stderr).toBe('')
      go()
      const { exitCode, stdout, stderr } = await watchingAgain
      expect(stderr).toMatch(/^dump +done .*1 tables, 2 rows/m)
      expect(stdout).toMatch(/Backup .* in bucket test-1 is proven/)
      expect(exitCode).toBe(0)

      const again = await runCli('backup', 'watch', id, '--quiet', '--output', 'json')
      expect(again.stderr).toBe('')
      expect(JSON.parse(again.stdout)).toMatchObject({ workflowId: id, outcome: 'proven', proven: true })

      const replayed = await holdfast('replay', id)
      expect(replayed.stdout).toMatch(
        /^night of .*: the code of today does what all \d+ events of this BackupPipeline say/,
      )
      expect(replayed.exitCode).toBe(0)

      const { exitCode: refused, stderr: why } = await runCli('backup', 'pause', id)
      expect(why).toMatch(/has ended already: completed/)
      expect(refused).toBe(1)
    })
  },
  TEST_MILLISECONDS,
)

test(
  'a pipeline that asks is found, and answered',
  async () => {
    let failures = 1
    const stub = stubActivities(async (name) => {
      if (name === 'dump' && failures-- > 0) throw ApplicationFailure.nonRetryable('it needed 2Gi', 'OutOfMemory')
    })
    await withPipeline(stub, ['--on-failure', 'ask'], async (id) => {
      await eventually(async () => {
        const { stdout } = await runCli('backup', 'status', '--outcome', 'asking')
        if (!stdout.includes(id)) throw new Error(stdout)
      })
      expect((await runCli('backup', 'status', id)).stdout).toContain(
        `The step dump failed. What now?\n  it needed 2Gi\nAnswer: holdfast backup decide '${id}' retry | undo | keep`,
      )
      const wrong = await runCli('backup', 'decide', id, 'undo', '--memory-limit', '2Gi')
      expect(wrong.stderr).toMatch(/A decision is one of .*memoryLimit/s)
      expect(wrong.exitCode).toBe(2)

      const { exitCode, stdout } = await runCli(
        'backup',
        'decide',
        id,
        'retry',
        '--memory-limit',
        '2Gi',
        '--output',
        'json',
      )
      expect(JSON.parse(stdout)).toMatchObject({ workflowId: id, decision: { action: 'retry', memoryLimit: '2Gi' } })
      expect(exitCode).toBe(0)
      expect((await runCli('backup', 'watch', id)).exitCode).toBe(0)
    })
    expect(stub.calls.filter((name) => name === 'dump')).toHaveLength(2)
  },
  TEST_MILLISECONDS,
)

test(
  'a decision that nobody waits for is refused in the words of the workflow',
  async () => {
    const { stub, reached, go } = waitingDump()
    await withPipeline(stub, [], async (id) => {
      await reached
      const { exitCode, stderr } = await runCli('backup', 'decide', id, 'retry')
      expect(stderr).toBe('There is no question to decide: no step waits for an answer.')
      expect(exitCode).toBe(1)
      go()
      await temporal.environment.client.workflow.getHandle(id).result()
    })
  },
  TEST_MILLISECONDS,
)

describe('a pipeline that is cancelled', () => {
  test(
    'is waited for, and what was taken back is told',
    async () => {
      const { stub, reached } = endlessDump()
      await withPipeline(stub, [], async (id) => {
        await reached
        const { exitCode, stdout } = await runCli('backup', 'cancel', id)
        expect(stdout).toBe(`${id} was cancelled. Taken back: releaseStaging, removeMysql.`)
        expect(exitCode).toBe(0)
        const watched = await runCli('backup', 'watch', id, '--output', 'json')
        expect(JSON.parse(watched.stdout)).toMatchObject({
          outcome: 'cancelled',
          proven: false,
          undone: ['releaseStaging', 'removeMysql'],
        })
        expect(watched.exitCode).toBe(1)
        expect((await runCli('backup', 'status', id)).stdout).toMatch(
          /: cancelled\n.*ended .*It was cancelled\.\nTaken back: releaseStaging, removeMysql\.$/s,
        )
      })
    },
    TEST_MILLISECONDS,
  )

  test(
    'and cannot take everything back is a failure, which says what is left',
    async () => {
      const { stub, reached } = endlessDump(async (name) => {
        if (name === 'removeMysql') throw ApplicationFailure.nonRetryable('the API server is gone', 'Gone')
      })
      await withPipeline(stub, [], async (id) => {
        await reached
        const { exitCode, stderr } = await runCli('backup', 'cancel', id)
        expect(stderr).toContain('Could not be taken back: removeMysql: the API server is gone')
        expect(exitCode).toBe(1)
      })
    },
    TEST_MILLISECONDS,
  )

  test(
    'is not waited for where nobody wants to',
    async () => {
      const { stub, reached } = endlessDump()
      await withPipeline(stub, [], async (id) => {
        await reached
        const { exitCode, stdout } = await runCli('backup', 'cancel', id, '--no-wait', '--output', 'json')
        expect(JSON.parse(stdout)).toMatchObject({ workflowId: id })
        expect(exitCode).toBe(0)
        await expect(temporal.environment.client.workflow.getHandle(id).result()).rejects.toThrow()
      })
    },
    TEST_MILLISECONDS,
  )
})

test(
  'a restore is followed, cancelled and listed by the same words',
  async () => {
    const reached = Promise.withResolvers<void>()
    const stub = stubActivities(async (name) => {
      if (name !== 'restore') return
      reached.resolve()
      await untilCancelled()
    })
    await temporal.runWith(stub, async (taskQueue) => {
      const where = ['--task-queue', taskQueue, '--workflow-id', taskQueue, '--bucket', 'test-1']
      const restoring = holdfast('restore', 'latest', '--schema', 'shop', ...where)
      await reached.promise
      expect((await runCli('backup', 'status', '--outcome', 'running')).stdout).toMatch(
        new RegExp(`^${taskQueue} +RestoreBackup +s3-test/shop +running +restore +\\d{4}-`, 'm'),
      )
      const { exitCode, stdout } = await runCli('backup', 'cancel', taskQueue)
      expect(stdout).toMatch(/was cancelled\. Taken back: dropRestored, removeMysql\./)
      expect(exitCode).toBe(0)
      const followed = await restoring
      expect(followed.stderr).toContain('It was cancelled.\nTaken back: dropRestored, removeMysql.')
      expect(followed.exitCode).toBe(1)
    })
  },
  TEST_MILLISECONDS,
)

test(
  '`cleanup` says what a worker removed, after it was told to',
  async () => {
    expect((await runCli('cleanup', '--namespace', 'shop')).exitCode).toBe(2)
    const stub = stubActivities()
    await temporal.runWith(stub, async (taskQueue) => {
      const command = ['cleanup', '--yes', '--task-queue', taskQueue]
      const { stdout } = await runCli(...command, '--output', 'json')
      expect(JSON.parse(stdout)).toEqual({ workflowId: 'cleanup-s3-test', removed: ['namespace/s3-test'] })
      expect(await runCli(...command, '--quiet')).toEqual({
        exitCode: 0,
        stdout: 'Removed: namespace/s3-test. The bucket stays.',
        stderr: '',
      })
    })
    expect(stub.calls).toEqual(['removeResources', 'removeResources'])
  },
  TEST_MILLISECONDS,
)

test(
  'where no worker runs that is said, and a second pipeline of the same id is refused',
  async () => {
    const taskQueue = `nobody-${randomUUID()}`
    const start = ['backup', 'start', '--schema', 'shop', '--task-queue', taskQueue, '--workflow-id', taskQueue]
    const started = await runCli(...start, '--quiet')
    expect({ stdout: started.stdout, stderr: started.stderr }).toEqual({ stdout: taskQueue, stderr: '' })
    const watching = holdfast('backup', 'watch', taskQueue)
    const second = await runCli(...start)
    expect(second.stderr).toContain(`A workflow ${taskQueue} runs already`)
    expect(second.exitCode).toBe(1)
    expect((await runCli('backup', 'status', taskQueue)).stdout).toContain(
      `No worker answers on the task queue ${taskQueue}`,
    )
    await untilSaid(watching, new RegExp(`^No worker has answered yet on the task queue ${taskQueue}`))
    await temporal.environment.client.workflow.getHandle(taskQueue).terminate()
    expect((await watching).exitCode).toBe(1)
    await eventually(async () => {
      const { stdout } = await runCli('backup', 'status')
      if (!new RegExp(`^${taskQueue} .* terminated `, 'm').test(stdout)) throw new Error(stdout)
    })
  },
  TEST_MILLISECONDS,
)

test('a workflow that is not there is refused, and one that is no pipeline', async () => {
  const missing = await runCli('backup', 'cancel', 'nowhere')
  expect(missing.stderr).toContain("nowhere: Temporal's namespace default has no workflow of this id")
  expect(missing.exitCode).toBe(2)
  const options = { taskQueue: 'nobody', workflowId: 'a cleanup', args: [{}] }
  const other = await temporal.environment.client.workflow.start('Cleanup', options)
  const cancelled = await runCli('backup', 'cancel', 'a cleanup')
  expect(cancelled.stderr).toContain('a cleanup: is a Cleanup, not one of')
  expect(cancelled.exitCode).toBe(2)
  await other.terminate()
})

/** Steps of which the dump ends only when it is cancelled. */
function endlessDump(beside: (name: string) => Promise<void> = async () => undefined) {
  const reached = Promise.withResolvers<void>()
  const stub = stubActivities(async (name) => {
    await beside(name)
    if (name !== 'dump') return
    reached.resolve()
    await untilCancelled()
  })
  return { stub, reached: reached.promise }
}

/** Waits until a command that runs has said a line. */
async function untilSaid(running: ReturnType<typeof holdfast>, expected: RegExp): Promise<void> {
  for await (const line of createInterface(running.stderr)) if (expected.test(line)) return
  throw new Error(`It ended without saying ${expected}.`)
}
