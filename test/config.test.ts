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
  [{ HOLDFAST_REPORT_BUCKET: 'test-1' }, 'HOLDFAST_HEALTH_PORT is not set, and the report'],
  [{ HOLDFAST_REPORT_BUCKET: 'No', HOLDFAST_HEALTH_PORT: '0' }, 'HOLDFAST_REPORT_BUCKET is no name of an S3 bucket'],
])('%j is refused', (variables, why) => {
  expect(() => readConfig({ ...images, ...variables })).toThrow(why)
})
