import { readFile } from 'node:fs/promises'
import { expect, test } from '@jest/globals'
import { WORKER_MALLOC, WORKER_NODE_FLAGS } from '../../src/worker/process-settings.ts'

test('`npm run worker` starts Node as every other way to start a worker does', async () => {
  const { scripts } = JSON.parse(await readFile('package.json', 'utf8'))
  const environment = Object.entries(WORKER_MALLOC).map(([name, value]) => `${name}=${value}`)
  expect(scripts.worker.split(' ')).toEqual([...environment, 'node', ...WORKER_NODE_FLAGS, 'src/worker.ts'])
})
