import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { TestWorkflowEnvironment } from '@temporalio/testing'
import { execa } from 'execa'
import { SEARCH_ATTRIBUTE_TYPES } from '../../src/domain/search-attributes.ts'
import { assertSearchAttributes } from '../../src/worker/search-attributes.ts'
import { SETUP_MILLISECONDS } from '../support/test-temporal.ts'

const temporal = process.env.TEMPORAL_CLI ?? 'temporal'
let environment: TestWorkflowEnvironment

beforeAll(async () => {
  const server = { executable: { type: 'existing-path', path: temporal } } as const
  environment = await TestWorkflowEnvironment.createLocal({ server })
}, SETUP_MILLISECONDS)

afterAll(async () => await environment.teardown())

/** The refusal's own words; undefined where it is none. */
async function refusal(): Promise<string | undefined> {
  return await assertSearchAttributes(environment.nativeConnection, 'default').then(
    () => undefined,
    (error: Error) => error.message,
  )
}

test('a worker that lacks search attributes says how they are made, and with them it starts', async () => {
  const first = await refusal()
  expect(first).toContain(Object.keys(SEARCH_ATTRIBUTE_TYPES).join(', '))
  const [, command = ''] = /Make them: temporal (.*)$/.exec(first ?? '') ?? []
  const create = command.split(' ')
  // One with another type is as good as none.
  const wrong = create.with(create.indexOf('HoldfastBytes') + 2, 'Keyword')
  await execa(temporal, [...wrong, '--address', environment.address])
  expect(await refusal()).toMatch(/another type: HoldfastBytes\. Make them: .* --name HoldfastBytes --type Int$/)
  await execa(temporal, [
    'operator',
    'search-attribute',
    'remove',
    '--name',
    'HoldfastBytes',
    '--yes',
    '--address',
    environment.address,
  ])
  await execa(temporal, [
    ...create.slice(0, 5),
    '--name',
    'HoldfastBytes',
    '--type',
    'Int',
    '--address',
    environment.address,
  ])
  expect(await refusal()).toBeUndefined()
})
