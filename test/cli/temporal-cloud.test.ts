import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { execa } from 'execa'
import { type FakeCloud, makeCertificates, startFakeCloud } from './support/fake-cloud.ts'

const NAMESPACE = 'nightly.a1b2c'

let folder: string
let cloud: FakeCloud

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-cloud-'))
  await makeCertificates(folder)
  cloud = await startFakeCloud(folder)
})

afterAll(async () => {
  await cloud.close()
  await rm(folder, { recursive: true })
})

/** What the server is told where the CLI asks it something in this environment, and what the CLI makes of the answer. */
async function ask(env: Readonly<Record<string, string>>, ...words: string[]) {
  const before = cloud.calls.length
  const { exitCode, stderr } = await execa(process.execPath, ['src/cli/main.ts', 'backup', 'status', ...words], {
    reject: false,
    env: { TEMPORAL_TLS_SERVER_CA_CERT_PATH: join(folder, 'ca.pem'), ...env },
  })
  const call = cloud.calls.slice(before).find(({ method }) => method === 'ListWorkflowExecutions')
  return { exitCode, stderr, call }
}

test('an API key goes with each request, over TLS', async () => {
  const env = { TEMPORAL_ADDRESS: cloud.address, TEMPORAL_NAMESPACE: NAMESPACE, TEMPORAL_API_KEY: 'key-of-a-test' }
  const { exitCode, stderr, call } = await ask(env)
  expect(call).toMatchObject({ headers: { authorization: 'Bearer key-of-a-test', 'temporal-namespace': NAMESPACE } })
  expect(stderr).toContain('this key is for nothing')
  expect(stderr).not.toContain('key-of-a-test')
  expect(exitCode).toBe(1)
})

test('a certificate is shown', async () => {
  const { call } = await ask({
    TEMPORAL_ADDRESS: cloud.address,
    TEMPORAL_NAMESPACE: NAMESPACE,
    TEMPORAL_TLS_CLIENT_CERT_PATH: join(folder, 'client.pem'),
    TEMPORAL_TLS_CLIENT_KEY_PATH: join(folder, 'client.key'),
  })
  expect(call).toMatchObject({ client: 'nightly' })
  expect(call?.headers.authorization).toBeUndefined()
})

test("a settings file may name a profile of Temporal's own configuration, which has the key", async () => {
  const toml = join(folder, 'temporal.toml')
  const lines = [
    '[profile.prod]',
    `address = "${cloud.address}"`,
    `namespace = "${NAMESPACE}"`,
    'api_key = "of-the-file"',
  ]
  await writeFile(toml, lines.join('\n'))
  const settings = join(folder, 'holdfast.yaml')
  await writeFile(settings, `temporal: { profile: prod, configFile: ${JSON.stringify(toml)} }`)
  const { call } = await ask({}, '--config', settings)
  expect(call?.headers).toMatchObject({ authorization: 'Bearer of-the-file', 'temporal-namespace': NAMESPACE })
})

test('a profile that is not there is bad input', async () => {
  const { exitCode, stderr } = await ask({ TEMPORAL_PROFILE: 'nobodys' })
  expect(stderr).toMatch(/^Temporal's settings cannot be read: .*nobodys.*TEMPORAL_PROFILE/)
  expect(exitCode).toBe(2)
})

test('a Temporal that does not answer is named, with what to look at', async () => {
  const { exitCode, stderr } = await ask({ TEMPORAL_ADDRESS: '127.0.0.1:1' })
  expect(stderr).toMatch(/^Temporal cannot be reached at 127\.0\.0\.1:1: .*TEMPORAL_ADDRESS/)
  expect(exitCode).toBe(1)
})
