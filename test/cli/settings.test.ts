import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { execa } from 'execa'
import { buildProgram } from '../../src/cli/program.ts'
import { SETTINGS } from '../../src/cli/settings/settings-schema.ts'
import { allCommands, optionsOf } from './support/options-of.ts'

const MAIN = join(import.meta.dirname, '..', '..', 'src', 'cli', 'main.ts')

let folder: string
const set: string[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-settings-'))
})

afterAll(async () => {
  await rm(folder, { recursive: true })
})

afterEach(() => {
  for (const name of set.splice(0)) delete process.env[name]
})

function setVariable(name: string, value: string): void {
  set.push(name)
  process.env[name] = value
}

async function settings(text: string): Promise<string> {
  const file = join(folder, 'settings.yaml')
  await writeFile(file, text)
  return file
}

describe('of the bucket', () => {
  const restore = async (...words: string[]) => (await optionsOf(['backups', 'restore'], words)).bucket

  test('counts the file, more than it the environment, and most what is typed', async () => {
    const file = await settings('bucket: from-the-file')
    expect(await restore('--config', file)).toBe('from-the-file')
    setVariable('HOLDFAST_BUCKET', 'from-the-environment')
    expect(await restore('--config', file)).toBe('from-the-environment')
    expect(await restore('--config', file, '--bucket', 'typed')).toBe('typed')
  })

  test('the file that HOLDFAST_CONFIG names counts too, and more what --config names', async () => {
    setVariable('HOLDFAST_CONFIG', await settings('bucket: named-by-the-environment'))
    expect(await restore()).toBe('named-by-the-environment')
    const other = join(folder, 'other.yaml')
    await writeFile(other, 'bucket: other')
    expect(await restore('--config', other)).toBe('other')
  })
})

test('the file counts more than a default, wherever the command stands, and switches are switched', async () => {
  const file = await settings('taskQueue: ours\npathStyle: true\noutput: json\nquiet: false\nnamespace: shop')
  expect(await optionsOf(['prune'], ['--config', file, '--bucket', 'b'])).toMatchObject({
    pathStyle: true,
    output: 'json',
    quiet: false,
  })
  expect(await optionsOf(['backup', 'start'], ['--config', file])).toMatchObject({
    taskQueue: 'ours',
    namespace: 'shop',
    output: 'json',
  })
})

test('what the SDKs read becomes a variable of the environment, where it is not one', async () => {
  set.push('TEMPORAL_ADDRESS', 'TEMPORAL_NAMESPACE', 'AWS_REGION')
  process.env.TEMPORAL_NAMESPACE = 'of-the-environment'
  const file = await settings(
    'temporal: { address: "temporal.example.com:7233", namespace: of-the-file }\naws: { region: eu-central-1 }',
  )
  await optionsOf(['backup', 'status'], ['--config', file])
  expect(process.env).toMatchObject({
    TEMPORAL_ADDRESS: 'temporal.example.com:7233',
    TEMPORAL_NAMESPACE: 'of-the-environment',
    AWS_REGION: 'eu-central-1',
  })
})

test('each setting of our own is that of an option, and each option that has a variable has a setting', () => {
  const ofOptions = allCommands(buildProgram()).flatMap(({ options }) => options.map(({ envVar }) => envVar))
  const ofSettings = SETTINGS.map(({ variable }) => variable).filter((name) => name.startsWith('HOLDFAST_'))
  const named = new Set(ofOptions.filter((name) => name !== undefined && name !== 'HOLDFAST_CONFIG'))
  expect([...named].toSorted()).toEqual(ofSettings.toSorted())
})

test('./holdfast.yaml is read where it is there, and none at all by the demo', async () => {
  await writeFile(join(folder, 'holdfast.yaml'), '\nbucket: 7')
  const run = async (...words: string[]) =>
    await execa(process.execPath, [MAIN, ...words], { cwd: folder, reject: false })
  const listed = await run('backups', 'list')
  expect(listed.stderr).toBe('holdfast.yaml:2: bucket: Invalid input: expected string, received number')
  expect(listed.exitCode).toBe(2)
  expect((await run('demo', '--tables', 'many')).stderr).toMatch(/sampleData\.tables/)
})

test.each([
  ['bucket: a\nbuckt: b', '2: buckt: is no setting'],
  ['temporal:\n  address: x\n  adress: y', '3: temporal.adress: is no setting'],
  ['aws:\n  endpoint: nowhere', '2: aws.endpoint: is no URL'],
  ['output: xml', '1: output: Invalid option: expected one of "table"|"json"'],
  ['quiet: "yes"', '1: quiet: Invalid input: expected boolean, received string'],
  ['- bucket', '1: the file: Invalid input: expected object, received array'],
  ['apiKey: secret', '1: apiKey: is no setting'],
])('%j is refused by line and key', async (text, said) => {
  const file = await settings(text)
  await expect(optionsOf(['backup', 'status'], ['--config', file])).rejects.toThrow(`${file}:${said}`)
})

test.each([
  ['temporal: [\n', /settings\.yaml:\d: /],
  ['bucket: a\nbucket: b\n', /settings\.yaml:2: Map keys must be unique/],
])('%j, which is no YAML, is refused by its line', async (text, said) => {
  await expect(optionsOf(['backup', 'status'], ['--config', await settings(text)])).rejects.toThrow(said)
})

test('a file that is named and not there is refused, and an empty one says nothing', async () => {
  await expect(optionsOf(['backup', 'status'], ['--config', join(folder, 'nowhere.yaml')])).rejects.toThrow(/ENOENT/)
  expect(await optionsOf(['backup', 'start'], ['--config', await settings('')])).toMatchObject({ namespace: 's3-test' })
})
