import { expect, test } from '@jest/globals'
import { engineFor, imageOf } from '../../src/activities/engine.ts'
import type { BackupRequest } from '../../src/domain/backup-request.ts'
import type { EngineName } from '../../src/domain/engines.ts'

const tools = { tools: 'tools:1', terraform: 'terraform:1', mysql: 'mysql:1' }

test.each<[EngineName, EngineName | undefined, BackupRequest['staging'], EngineName]>([
  ['mysqldump', undefined, 'volume', 'mysqldump'],
  ['mysqlsh', undefined, 'volume', 'mysqlsh'],
  ['mysqlsh', undefined, 'pod', 'mysqlsh'],
  ['mysqlsh', undefined, 'stream', 'mysqldump'],
  ['mysqlsh', 'mysqldump', 'volume', 'mysqldump'],
  ['mysqldump', 'mysqlsh', 'pod', 'mysqlsh'],
])(
  'where the worker has %s, a request for %s with the staging %s is dumped by %s',
  (engine, wanted, staging, expected) => {
    expect(engineFor({ engine }, wanted, staging)).toBe(expected)
  },
)

test('each engine has its image, and what does not say has none but the tools', () => {
  const images = { ...tools, mysqlsh: 'shell:1' }
  expect([undefined, 'mysqldump', 'mysqlsh'].map((engine) => imageOf({ images }, engine as EngineName))).toEqual([
    'tools:1',
    'tools:1',
    'shell:1',
  ])
})

test('a worker without MySQL Shell says so, and is not asked again', () => {
  expect(() => imageOf({ images: tools }, 'mysqlsh')).toThrow(
    expect.objectContaining({
      type: 'EngineNotThere',
      nonRetryable: true,
      message: expect.stringContaining('HOLDFAST_MYSQLSH_IMAGE'),
    }),
  )
})
