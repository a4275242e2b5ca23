import { expect, test } from '@jest/globals'
import { readConfig } from '../src/config.ts'

const images = { HOLDFAST_TOOLS_IMAGE: 'tools:1', HOLDFAST_TERRAFORM_IMAGE: 'terraform:1' }
const HOLDFAST_MYSQLSH_IMAGE = 'shell:1'

test.each([
  [{}, 'mysqldump', undefined],
  [{ HOLDFAST_MYSQLSH_IMAGE }, 'mysqlsh', 'shell:1'],
  [{ HOLDFAST_MYSQLSH_IMAGE, HOLDFAST_ENGINE: 'mysqldump' }, 'mysqldump', 'shell:1'],
  [{ HOLDFAST_ENGINE: 'mysqldump' }, 'mysqldump', undefined],
])('with %j the engine is %s', (variables, engine, image) => {
  const config = readConfig({ ...images, ...variables })
  expect([config.engine, config.images.mysqlsh]).toEqual([engine, image])
})

test.each([
  [{ HOLDFAST_ENGINE: 'mysqlsh' }, 'HOLDFAST_MYSQLSH_IMAGE is not set, and the engine is to be mysqlsh'],
  [{ HOLDFAST_ENGINE: 'mydumper' }, 'HOLDFAST_ENGINE is none of mysqldump, mysqlsh'],
  [{ HOLDFAST_MYSQLSH_IMAGE: '' }, 'HOLDFAST_MYSQLSH_IMAGE is empty'],
])('%j is refused', (variables, why) => {
  expect(() => readConfig({ ...images, ...variables })).toThrow(why)
})
