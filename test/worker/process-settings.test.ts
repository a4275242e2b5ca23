import { readFile } from 'node:fs/promises'
import { expect, test } from '@jest/globals'
import { WORKER_MALLOC, WORKER_NODE_FLAGS } from '../../src/worker/process-settings.ts'

test('`npm run worker` starts Node as every other way to start a worker does', async () => {
  const { scripts } = JSON.parse(await readFile('package.json', 'utf8'))
  const environment = Object.entries(WORKER_MALLOC).map(([name, value]) => `${name}=${value}`)
  expect(scripts.worker.split(' ')).toEqual([
    'exec',
    'env',
    ...environment,
    'node',
    ...WORKER_NODE_FLAGS,
    'src/worker.ts',
  ])
})

test('the image starts it so, by the Node that this repository depends on', async () => {
  const { dependencies } = JSON.parse(await readFile('package.json', 'utf8'))
  const dockerfile = await readFile('images/worker/Dockerfile', 'utf8')
  const line = (start: string) => new RegExp(`^${start} (.+)$`, 'm').exec(dockerfile)?.[1]
  const environment = Object.entries(WORKER_MALLOC).map(([name, value]) => `${name}=${value}`)
  expect(line('ENV')?.split(' ')).toEqual(environment)
  expect(JSON.parse(line('ENTRYPOINT') ?? '')).toEqual(['/usr/local/bin/node', ...WORKER_NODE_FLAGS])
  expect(dockerfile).toContain(`ARG NODE=docker.io/library/node:${dependencies.node}-bookworm-slim\n`)
})
