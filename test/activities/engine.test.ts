import { expect, test } from '@jest/globals'
import { engineFor, imageOf } from '../../src/activities/engine.ts'
import type { Staging } from '../../src/domain/backup-request.ts'
import type { Encryption } from '../../src/domain/encryption.ts'
import type { EngineName } from '../../src/domain/engines.ts'

const tools = { tools: 'tools:1', terraform: 'terraform:1', mysql: 'mysql:1' }

test.each<[EngineName, EngineName | undefined, Staging, Encryption | undefined, EngineName]>([
  ['mysqldump', undefined, 'volume', 'none', 'mysqldump'],
  ['mysqlsh', undefined, 'volume', 'none', 'mysqlsh'],
  ['mysqlsh', undefined, 'pod', undefined, 'mysqlsh'],
  ['mysqlsh', undefined, 'stream', 'none', 'mysqldump'],
  ['mysqlsh', undefined, 'volume', 'age', 'mysqldump'],
  ['mysqlsh', 'mysqldump', 'volume', 'none', 'mysqldump'],
  ['mysqldump', 'mysqlsh', 'pod', 'none', 'mysqlsh'],
])(
  'where the worker has %s, a request for %s with the staging %s and the encryption %s is dumped by %s',
  (own, wanted, staging, encryption, expected) => {
    const wishes = { staging, ...(wanted && { engine: wanted }), ...(encryption && { encryption }) }
    expect(engineFor({ engine: own }, wishes)).toBe(expected)
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
