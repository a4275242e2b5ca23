import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { CloudEvent } from 'cloudevents'
import { execa } from 'execa'
import { parse } from 'yaml'
import { notificationSchema } from '../../src/domain/notification.ts'
import { cloudEvent } from '../../src/notify/cloud-event.ts'
import { messageFor } from '../../src/notify/message.ts'
import { notifySettingsSchema } from '../../src/notify/notify-settings.ts'
import { notification } from '../notify/support/notifications.ts'
import { readPages, repository } from './support/documentation.ts'

let blocks: ReadonlyMap<string, string>
let folder: string

beforeAll(async () => {
  const page = (await readPages()).find(({ file }) => file === 'docs/notifications.md')
  blocks = new Map(page?.blocks.map(({ language, text }) => [language, text]))
  folder = await mkdtemp(join(tmpdir(), 'holdfast-docs-'))
})
afterAll(async () => await rm(folder, { recursive: true }))

function block(language: string): string {
  const text = blocks.get(language)
  if (text === undefined) throw new Error(`docs/notifications.md has no block of ${language}`)
  return text
}

test('the example of a file is one that a worker takes', () => {
  const { targets } = notifySettingsSchema.parse(parse(block('yaml')))
  expect(targets.map(({ format }) => format)).toEqual(['slack', 'cloudevents'])
})

test('the example of an event is what is sent', () => {
  const shown = JSON.parse(block('json'))
  const { workflow, request, database, backupId, ...happening } = shown.data
  const told = { id: shown.id, time: Date.parse(shown.time), workflow, request, database, backupId }
  const sent = cloudEvent(
    notificationSchema().parse({ ...told, happening: { event: 'failed', ...happening } }),
    'default',
    {
      explain: true,
      link: undefined,
    },
  )
  expect(sent).toEqual(shown)
  expect(new CloudEvent(shown).validate()).toBe(true)
})

test('the example of a receiver takes what was signed, and nothing that was changed', async () => {
  const { targets } = notifySettingsSchema.parse(parse(block('yaml')))
  const target = targets.find(({ secrets }) => secrets)
  if (!target) throw new Error('no target of the example signs')
  const { body, headers } = messageFor(target, notification(), { namespace: 'default', uiUrl: undefined })
  // The package that it imports is found from where it lies.
  await symlink(join(repository, 'node_modules'), join(folder, 'node_modules'))
  await writeFile(join(folder, 'receiver.mjs'), block('js'))
  const receive = async (received: string) => {
    const program = `const { eventOf } = await import(process.argv[1]); console.log(eventOf(process.argv[2], JSON.parse(process.argv[3])).id)`
    const url = pathToFileURL(join(folder, 'receiver.mjs')).href
    const options = { env: { HOLDFAST_SECRET: target.secrets?.[0] }, reject: false } as const
    return await execa(
      process.execPath,
      ['--input-type=module', '--eval', program, url, received, JSON.stringify(headers)],
      options,
    )
  }
  expect((await receive(body)).stdout).toBe(notification().id)
  const changed = await receive(body.replace('OutOfMemory', 'Nothing'))
  expect(changed.exitCode).toBe(1)
  expect(changed.stderr).toContain('No matching signature found')
})
