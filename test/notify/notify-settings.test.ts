import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { readNotifySettings } from '../../src/notify/read-notify-settings.ts'
import { type NotifyFile, notifyFile, SECRET } from './support/notifications.ts'

const URL = 'https://hooks.example.com/services/T0/B0/hush-hush'
const TARGET = { name: 'team', format: 'slack', url: URL, on: ['failed'] }

let file: NotifyFile
let path: string

beforeAll(async () => {
  file = await notifyFile()
  path = file.config.notifyFile ?? ''
})
afterAll(async () => await file.remove())

async function complaintAbout(content: readonly object[] | string): Promise<string> {
  await file.write(content)
  const error = await readNotifySettings(path).then(
    () => new Error('there was none'),
    (reason: Error) => reason,
  )
  expect(error.message).not.toContain('hush')
  expect(error.message).not.toContain(SECRET.slice('whsec_'.length))
  expect(error.message).not.toContain('\n')
  expect(error.message.startsWith(`${path}:`)).toBe(true)
  return error.message.slice(path.length)
}

test('what need not be said', async () => {
  await file.write([TARGET])
  expect(await readNotifySettings(path)).toEqual({ targets: [{ ...TARGET, explain: true, timeoutSeconds: 10 }] })
})

test.each([
  [`targets:\n  - url: ${URL}\n   bad`, ':3: this is no YAML (MISSING_CHAR)'],
  [`targets: *hush-hush`, ': an alias in it stands for nothing, or for too much'],
  ['', ': the file is no list of settings'],
  [`- ${URL}`, ': the file is no list of settings'],
  ['targets: []', ': targets names none'],
  [`targets: {}\n${URL}: x`, ': targets is no list; the file has something, which is no setting'],
])('a file %j', async (text, complaint) => {
  expect(await complaintAbout(text)).toBe(complaint)
})

test.each([
  [{ name: 'Team hush' }, 'name is not 1 to 40 lower case letters, digits or "-"'],
  [{ format: 'hush' }, 'format is none of slack, cloudevents'],
  [{ url: undefined }, 'url is missing'],
  [{ url: 'hush-hush' }, 'url is no URL'],
  [
    { url: 'http://example.com/hush' },
    'url begins neither with https://, nor with http:// and one of localhost, 127.0.0.1, [::1]',
  ],
  [
    { url: 'http://127.0.0.1.example.com/hush' },
    'url begins neither with https://, nor with http:// and one of localhost, 127.0.0.1, [::1]',
  ],
  [
    { url: 'file:///hush' },
    'url begins neither with https://, nor with http:// and one of localhost, 127.0.0.1, [::1]',
  ],
  [{ url: 'https://me:hush@example.com/' }, 'url has a user or a password in it'],
  [{ on: [] }, 'on names nothing'],
  [{ on: 'failed' }, 'on is no list'],
  [{ on: ['hush'] }, 'on[0] is none of failed, asked, proven, unproven'],
  [{ secrets: ['hush'] }, 'secrets[0] is not whsec_ and base64 after it'],
  [{ secrets: ['whsec_aHVzaA=='] }, 'secrets[0] is not of 24 to 64 bytes'],
  [{ format: 'cloudevents' }, 'secrets is missing: events are signed'],
  [{ timeoutSeconds: 0 }, 'timeoutSeconds is less than 1'],
  [{ timeoutSeconds: 3600 }, 'timeoutSeconds is more than 60'],
  [{ timeout: 5 }, 'has timeout, which is no setting'],
])('a target with %j', async (change, complaint) => {
  const separator = complaint.startsWith('has ') ? ' ' : '.'
  expect(await complaintAbout([{ ...TARGET, ...change }])).toBe(`: targets[0]${separator}${complaint}`)
})

test('two targets of one name', async () => {
  expect(await complaintAbout([TARGET, TARGET])).toBe(': targets names two alike')
})

test('a file that is not there', async () => {
  await expect(readNotifySettings('/nowhere/notify.yaml')).rejects.toThrow(
    '/nowhere/notify.yaml cannot be read: ENOENT',
  )
})
