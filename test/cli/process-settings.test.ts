import { readFile } from 'node:fs/promises'
import { expect, test } from '@jest/globals'
import { CLI_COMPILE_CACHE, CLI_NODE_FLAGS } from '../../src/cli/process-settings.ts'

test('`npm run holdfast` starts Node as it is measured', async () => {
  const { scripts } = JSON.parse(await readFile('package.json', 'utf8'))
  expect(scripts.holdfast.split(' ')).toEqual([
    'exec',
    'env',
    `NODE_COMPILE_CACHE=${CLI_COMPILE_CACHE}`,
    'node',
    ...CLI_NODE_FLAGS,
    'src/cli/main.ts',
  ])
})
