import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { ApplicationFailure } from '@temporalio/activity'
import { progressQuery } from '../../src/workflows/messages.ts'
import { stubActivities } from '../support/stub-activities.ts'
import {
  applicationFailure,
  failureOf,
  type PipelineHandle,
  SETUP_MILLISECONDS,
  TestTemporal,
} from '../support/test-temporal.ts'
import { eventually } from '../worker/support/eventually.ts'

let temporal: TestTemporal

beforeAll(async () => {
  temporal = await TestTemporal.skippingTime()
}, SETUP_MILLISECONDS)

afterAll(async () => {
  await temporal.stop()
})

const shop = { sampleData: { kind: 'sysbench', schema: 'shop' } }

/** Runs a pipeline on the schema `shop` that is at its dump for as long as `during` takes. */
async function whileBusy(during: (busy: PipelineHandle, letGo: () => void) => Promise<void>): Promise<void> {
  await whileAtDump(shop, during)
}

/** Runs a pipeline on a schema that is at its dump until it is let go. */
async function whileHeld<Result>(schema: string, during: (letGo: () => void) => Promise<Result>): Promise<Result> {
  return await whileAtDump({ sampleData: { kind: 'none' }, schemas: [schema] }, (_, letGo) => during(letGo))
}

async function whileAtDump<Result>(
  request: object,
  during: (busy: PipelineHandle, letGo: () => void) => Promise<Result>,
): Promise<Result> {
  const reached = Promise.withResolvers<void>()
  const go = Promise.withResolvers<void>()
  const stub = stubActivities(async (name) => {
    if (name !== 'dump') return
    reached.resolve()
    await go.promise
  })
  return await temporal.run(stub, request, async (busy) => {
    await reached.promise
    const result = await during(busy, go.resolve)
    go.resolve()
    await busy.result()
    return result
  })
}

/** Returns when a pipeline waits for its database. */
async function waiting(handle: PipelineHandle): Promise<void> {
  await eventually(async () => {
    const { phase } = await handle.query(progressQuery)
    if (phase !== 'waiting') throw new Error(`it is ${phase}`)
  })
}

test('a second pipeline on the same database is refused, and does nothing', async () => {
  await whileBusy(async () => {
    const second = stubActivities()
    const failure = applicationFailure(await failureOf(temporal.run(second, shop, (handle) => handle.result())))
    expect(failure.type).toBe('DatabaseBusy')
    expect(failure.message).toMatch(/shop in s3-test.*holdfast-database:s3-test\/shop/s)
    expect(second.calls).toEqual([])
  })
})

test('one on another database is not', async () => {
  await whileBusy(async () => {
    const other = { sampleData: { kind: 'sysbench', schema: 'other' } }
    const result = await temporal.run(stubActivities(), other, (handle) => handle.result())
    expect(result.outcome).toBe('proven')
  })
})

test('one on several schemas is refused if one of them is taken, and lets go of the others', async () => {
  await whileBusy(async () => {
    const several = { sampleData: { kind: 'none' }, schemas: ['yard', 'shop', 'attic'] }
    const second = stubActivities()
    const failure = applicationFailure(await failureOf(temporal.run(second, several, (handle) => handle.result())))
    expect(failure.message).toMatch(/schema shop in s3-test/)
    expect(second.calls).toEqual([])
    const others = { ...several, schemas: ['yard', 'attic'] }
    const result = await temporal.run(stubActivities(), others, (handle) => handle.result())
    expect(result.outcome).toBe('proven')
  })
})

test('one that is to wait begins when the first has ended', async () => {
  const second = stubActivities()
  await whileBusy(async (busy, letGo) => {
    const result = await temporal.run(second, { ...shop, whenBusy: 'wait' }, async (handle) => {
      await waiting(handle)
      expect(second.calls).toEqual([])
      letGo()
      await busy.result()
      return await handle.result()
    })
    expect(result.outcome).toBe('proven')
  })
})

test('one that waits and is cancelled has nothing to take back', async () => {
  const second = stubActivities()
  await whileBusy(async () => {
    const run = temporal.run(second, { ...shop, whenBusy: 'wait' }, async (handle) => {
      await waiting(handle)
      await handle.cancel()
      return await handle.result()
    })
    await failureOf(run)
    expect(second.calls).toEqual([])
  })
})

test('one whose schema another restores into, for its proof, is refused', async () => {
  await whileBusy(async () => {
    const request = { sampleData: { kind: 'none' }, schemas: ['shop_restored'] }
    const second = stubActivities()
    const failure = applicationFailure(await failureOf(temporal.run(second, request, (handle) => handle.result())))
    expect(failure.message).toMatch(/schema shop_restored in s3-test/)
    expect(second.calls).toEqual([])
  })
})

// Were they taken as a request names them, and what is restored after that, each would have what the other one waits for.
test('two that want several in common, each also what the other one restores, both come to their end', async () => {
  const ofMany = (schemas: string[]) => ({ sampleData: { kind: 'none' }, schemas, whenBusy: 'wait' })
  // Who waits for a result lets time pass: nobody does before both wait for their database.
  const results = await whileHeld('zoo', async (letGo) => {
    return await temporal.run(stubActivities(), ofMany(['shop', 'zoo']), async (first) => {
      await waiting(first)
      return await temporal.run(stubActivities(), ofMany(['shop_restored', 'zoo']), async (second) => {
        await waiting(second)
        letGo()
        // One after the other: the server would let time pass in the midst of an activity if two results are waited for at once.
        return [await first.result(), await second.result()]
      })
    })
  })
  expect(results.map(({ outcome }) => outcome)).toEqual(['proven', 'proven'])
})

// Were they taken at once, each could get some of them, and both would be refused. Only a whole server starts children beside each other.
test('of two that begin at the same time on the same schemas, one is refused and the other one is not', async () => {
  const whole = await TestTemporal.devServer()
  try {
    expect((await endsOfTwo(whole)).toSorted()).toEqual(['DatabaseBusy', 'proven'])
  } finally {
    await whole.stop()
  }
})

/** Starts two pipelines on the same schemas before there is a worker for them, and has none go on until one has ended. */
async function endsOfTwo(server: TestTemporal): Promise<readonly unknown[]> {
  const go = Promise.withResolvers<void>()
  const stub = stubActivities(async (name) => {
    if (name === 'provision') await go.promise
  })
  const request = { sampleData: { kind: 'none' }, schemas: Array.from({ length: 8 }, (_, index) => `shop${index}`) }
  const taskQueue = 'two-at-a-time'
  const both = [await server.start(taskQueue, request), await server.start(taskQueue, request)]
  return await server.runOn(taskQueue, stub, async () => {
    try {
      await eventually(async () => {
        const described = await Promise.all(both.map((handle) => handle.describe()))
        if (described.every(({ status }) => status.name === 'RUNNING')) throw new Error('both are running')
      })
    } finally {
      go.resolve()
    }
    return await Promise.all(both.map(endOf))
  })
}

/** How a pipeline has ended: its outcome, or the type of its failure. */
async function endOf(handle: PipelineHandle): Promise<string | null | undefined> {
  const [end] = await Promise.allSettled([handle.result()])
  return end.status === 'fulfilled' ? end.value.outcome : applicationFailure(end.reason).type
}

test.each([
  ['failed', stubActivities(async (name) => fail(name))],
  ['proven', stubActivities()],
])('the database of a pipeline that has %s can be had at once', async (_, first) => {
  await temporal.run(first, shop, (handle) => handle.result()).catch(() => undefined)
  const result = await temporal.run(stubActivities(), shop, (handle) => handle.result())
  expect(result.outcome).toBe('proven')
})

function fail(name: string): void {
  if (name === 'upload') throw ApplicationFailure.nonRetryable('no upload', 'Denied')
}

test('a pipeline whose lock somebody has ended is proven all the same', async () => {
  await whileBusy(async () => {
    await temporal.environment.client.workflow.getHandle('holdfast-database:s3-test/shop').terminate()
  })
})

test('one that was refused does not show as running', async () => {
  await whileBusy(async () => {
    const phase = await temporal.run(stubActivities(), shop, async (handle) => {
      await failureOf(handle.result())
      return (await handle.query(progressQuery)).phase
    })
    expect(phase).toBe('failed')
  })
})
