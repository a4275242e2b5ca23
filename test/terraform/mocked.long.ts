import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals'
import { terraformConfiguration } from './support/terraform.ts'

jest.setTimeout(300_000)

let directory: string

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'holdfast-mocked-'))
})
afterAll(() => rm(directory, { recursive: true, force: true }))

test.each(['eks', 'replica', 'storage'])(
  'terraform/%s plans what it should, and refuses what AWS would',
  async (name) => {
    const terraform = await terraformConfiguration(name, directory)
    const tests = join(directory, name, 'tests')
    await mkdir(tests)
    await cp(join(import.meta.dirname, 'mocked', `${name}.tftest.hcl`), join(tests, `${name}.tftest.hcl`))
    const result = await terraform(['test'])
    expect(result.output).toMatch(/Success! \d+ passed, 0 failed\./)
  },
)
