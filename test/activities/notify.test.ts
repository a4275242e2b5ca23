import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { ApplicationFailure } from '@temporalio/common'
import { MockActivityEnvironment } from '@temporalio/testing'
import { CloudEvent, HTTP } from 'cloudevents'
import { Webhook } from 'standardwebhooks'
import { createNotifyActivities } from '../../src/activities/notify.ts'
import { makeCertificates } from '../cli/support/fake-cloud.ts'
import {
  FAILED,
  NEW_SECRET,
  type NotifyFile,
  notification,
  notifyFile,
  SECRET,
} from '../notify/support/notifications.ts'
import { liar, type Received, type Receiver, receiver, SECRET_PATH } from '../notify/support/receiver.ts'

/** So long a target may take, in seconds. */
const TIMEOUT = 1

let file: NotifyFile
let open: Receiver[]

beforeEach(async () => {
  file = await notifyFile()
  open = []
})
afterEach(async () => {
  await Promise.all(open.map((each) => each.close()))
  await file.remove()
})

function opened(one: Receiver): Receiver {
  open.push(one)
  return one
}

async function deliverTo(url: string, settings: object = {}, told = notification()): Promise<void> {
  await file.write([
    { name: 'team', format: 'slack', url, on: ['failed'], secrets: [SECRET], timeoutSeconds: TIMEOUT, ...settings },
  ])
  await deliver(told)
}

async function deliver(told = notification()): Promise<void> {
  const activities = createNotifyActivities({ config: { ...file.config, uiUrl: 'https://temporal.example.com' } })
  await new MockActivityEnvironment().run(activities.deliver, { target: 'team', notification: told })
}

/** What a delivery that must fail says, after it was searched for what it must not say. */
async function failureOf(delivery: Promise<void>): Promise<ApplicationFailure> {
  const error = await delivery.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!(error instanceof ApplicationFailure)) throw new Error(`Not an ApplicationFailure: ${String(error)}`)
  const said = JSON.stringify([error.message, error.stack, error.details, error.cause])
  for (const secret of [SECRET, SECRET_PATH, 'SECRET', '127.0.0.1:']) expect(said).not.toContain(secret)
  return error
}

function only({ received }: Receiver): Received {
  expect(received).toHaveLength(1)
  const [one] = received
  if (!one) throw new Error('nothing was received')
  return one
}

describe('a server that is well', () => {
  test('has what was sent, signed by both secrets', async () => {
    const server = opened(await receiver((response) => response.end('ok')))
    await deliverTo(server.url, { secrets: [NEW_SECRET, SECRET] })
    const { path, headers, body } = only(server)
    expect(path).toBe(SECRET_PATH)
    expect(headers).toMatchObject({ 'user-agent': 'holdfast', 'webhook-id': notification().id })
    for (const secret of [SECRET, NEW_SECRET]) {
      expect(new Webhook(secret).verify(body, headers as Record<string, string>)).toEqual(JSON.parse(body))
      expect(() => new Webhook(secret).verify(`${body} `, headers as Record<string, string>)).toThrow('No matching')
    }
  })

  test('is told without a signature where there is no secret', async () => {
    const server = opened(await receiver((response) => response.end()))
    await deliverTo(server.url, { secrets: undefined })
    expect(Object.keys(only(server).headers).filter((name) => name.startsWith('webhook'))).toEqual([])
  })

  test('reads an event that the SDK of CloudEvents takes', async () => {
    const server = opened(await receiver((response) => response.writeHead(202).end()))
    await deliverTo(server.url, { format: 'cloudevents' })
    const { headers, body } = only(server)
    const event = HTTP.toEvent({ headers, body })
    if (!(event instanceof CloudEvent)) throw new Error('no event, or several')
    expect(event.validate()).toBe(true)
    expect(event.toJSON()).toMatchObject({
      specversion: '1.0',
      id: notification().id,
      source: '/namespaces/default/workflows/nightly%20shop/0f1e2d3c',
      type: 'holdfast.failed',
      subject: 's3-test/shop',
      time: '2026-11-28T02:00:00.000Z',
      data: {
        type: 'OutOfMemory',
        step: 'dump',
        workflow: { link: 'https://temporal.example.com/namespaces/default/workflows/nightly%20shop/0f1e2d3c' },
      },
    })
  })

  test.each(['slack', 'cloudevents'])(
    'is not told the words of a failure where that is not wanted: %s',
    async (format) => {
      const server = opened(await receiver((response) => response.end()))
      await deliverTo(server.url, { format, explain: false })
      await deliverTo(server.url, { format })
      const [brief, whole] = server.received.map(({ body }) => body)
      for (const words of ['it needed more than 1Gi', 'no route']) {
        expect(brief).not.toContain(words)
        expect(whole).toContain(words)
      }
      expect(brief).toContain('OutOfMemory')
    },
  )
})

describe('a server that is down', () => {
  test('may be up later: nobody listens', async () => {
    const server = await receiver((response) => response.end())
    await server.close()
    const failure = await failureOf(deliverTo(server.url))
    expect(failure).toMatchObject({ nonRetryable: false, type: 'NotReached' })
    expect(failure.message).toBe('team could not be told: nobody listens there (ECONNREFUSED).')
  })

  test.each([408, 425, 429, 500, 503, 302, 307])('may be up later: %i', async (status) => {
    const server = opened(await receiver((response) => response.writeHead(status).end()))
    expect(await failureOf(deliverTo(server.url))).toMatchObject({ nonRetryable: false, type: 'NotTakenYet' })
  })

  test.each([400, 401, 403, 404, 410, 413, 301, 308])('says what another try would not change: %i', async (status) => {
    const server = opened(await receiver((response) => response.writeHead(status).end()))
    const failure = await failureOf(deliverTo(server.url))
    expect(failure).toMatchObject({ nonRetryable: true, type: 'NotTaken' })
    expect(failure.message).toContain(`team answered with HTTP ${status}`)
  })

  test.each([
    ['7', 7000],
    ['0', 1000],
    ['999999999', 3_600_000],
    ['soon', undefined],
  ])('says when to come again: %s', async (value, milliseconds) => {
    const server = opened(await receiver((response) => response.writeHead(503, { 'retry-after': value }).end()))
    expect((await failureOf(deliverTo(server.url))).nextRetryDelay).toBe(milliseconds)
  })

  test("says why in Slack's word for it, and nothing else is passed on", async () => {
    const server = opened(
      await receiver((response, nth) => response.writeHead(404).end(nth === 1 ? 'no_service' : `no ${SECRET_PATH}`)),
    )
    expect((await failureOf(deliverTo(server.url))).message).toBe('team answered with HTTP 404: no_service.')
    expect((await failureOf(deliverTo(server.url))).message).toBe('team answered with HTTP 404.')
  })
})

describe('a server that is slow is left after its time', () => {
  test('it says nothing', async () => {
    const server = opened(await receiver(() => undefined))
    const failure = await failureOf(deliverTo(server.url))
    expect(failure).toMatchObject({ nonRetryable: false, type: 'NotReached' })
    expect(failure.message).toBe(`team could not be told: there was no answer within ${TIMEOUT} s.`)
  })

  test('it sends its head byte by byte', async () => {
    const server = opened(
      await liar((socket) => {
        socket.write('HTTP/1.1 200 OK\r\nx-slow: ')
        const drip = setInterval(() => socket.write('a'), 50)
        socket.on('close', () => clearInterval(drip))
      }),
    )
    expect((await failureOf(deliverTo(server.url))).message).toContain(`no answer within ${TIMEOUT} s`)
  })

  test('it goes on for ever before its answer (HTTP 103)', async () => {
    const server = opened(
      await liar((socket) => {
        const hints = setInterval(() => socket.write('HTTP/1.1 103 Early Hints\r\n\r\n'), 50)
        socket.on('close', () => clearInterval(hints))
      }),
    )
    expect((await failureOf(deliverTo(server.url))).message).toContain(`no answer within ${TIMEOUT} s`)
  })
})

describe('a server that lies', () => {
  /** Sends its head, and then a body without an end. */
  async function endless(status: number): Promise<{ server: Receiver; closed: Promise<unknown> }> {
    const closed = Promise.withResolvers<void>()
    const server = await liar((socket) => {
      socket.once('data', () => {
        socket.write(`HTTP/1.1 ${status} Whatever\r\ntransfer-encoding: chunked\r\n\r\n`)
        const pour = () => {
          while (socket.writable && socket.write(`400\r\n${'x'.repeat(1024)}\r\n`));
        }
        socket.on('drain', pour)
        pour()
      })
      socket.on('close', () => closed.resolve())
    })
    return { server: opened(server), closed: closed.promise }
  }

  test('its 200 counts as soon as it is there: the endless body is not waited for, and the connection closed', async () => {
    const { server, closed } = await endless(200)
    await deliverTo(server.url)
    await closed
  })

  test('of an endless refusal no more is read than its beginning', async () => {
    const { server, closed } = await endless(500)
    expect((await failureOf(deliverTo(server.url))).message).toBe('team answered with HTTP 500.')
    await closed
  })

  test('a refusal whose body never comes is one all the same', async () => {
    const server = opened(
      await liar((socket) => void socket.write('HTTP/1.1 404 Not Found\r\ncontent-length: 10\r\n\r\nno_')),
    )
    expect((await failureOf(deliverTo(server.url))).message).toMatch(/^team answered with HTTP 404/)
  })

  test('its 200 counts, though it has read nothing and closes', async () => {
    const server = opened(await liar((socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n')))
    await deliverTo(server.url, {}, notification({ ...FAILED, why: 'x'.repeat(200_000) }))
  })

  test('its 200 counts, whatever it says that its body is', async () => {
    const server = opened(
      await receiver((response) => {
        response
          .writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
          .end('no gzip at all')
      }),
    )
    await deliverTo(server.url)
  })

  test('one that closes midway has said nothing', async () => {
    const server = opened(
      await liar((socket) => {
        socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-le'))
      }),
    )
    const failure = await failureOf(deliverTo(server.url))
    expect(failure).toMatchObject({ nonRetryable: false, type: 'NotReached' })
    expect(failure.message).toMatch(/it cut the connection \(/)
  })

  test.each([
    ['no HTTP', (socket: { end(text: string): void }) => socket.end('220 mail.example.com ESMTP\r\n')],
    [
      'a head without an end',
      (socket: { end(text: string): void }) => socket.end(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(200_000)}\r\n\r\n`),
    ],
  ])('%s is no answer', async (_, lie) => {
    const server = opened(await liar((socket) => lie(socket)))
    expect(await failureOf(deliverTo(server.url))).toMatchObject({ nonRetryable: false, type: 'NotReached' })
  })

  test.each([301, 302, 303, 307, 308])('a redirect to another host is not followed: %i', async (status) => {
    const other = opened(await receiver((response) => response.end()))
    const server = opened(await receiver((response) => response.writeHead(status, { location: other.url }).end()))
    expect((await failureOf(deliverTo(server.url))).message).toContain('redirects are not followed')
    expect(server.received).toHaveLength(1)
    expect(other.received).toHaveLength(0)
  })

  test('a certificate that nobody signed ends it before anything is sent', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'holdfast-tls-'))
    await makeCertificates(folder)
    const [key, cert] = await Promise.all(['server.key', 'server.pem'].map((name) => readFile(join(folder, name))))
    let requests = 0
    const server = createTlsServer({ key, cert }, (_, response) => {
      requests += 1
      response.end()
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    try {
      const url = `https://localhost:${(server.address() as AddressInfo).port}${SECRET_PATH}`
      const failure = await failureOf(deliverTo(url))
      expect(failure.message).toMatch(/^team could not be told: its certificate is not trusted/)
      expect(requests).toBe(0)
    } finally {
      server.close()
      await rm(folder, { recursive: true })
    }
  })
})

describe("the worker's file", () => {
  test('may be mended while a notification waits', async () => {
    const server = opened(await receiver((response) => response.end()))
    await file.write(`targets: [${server.url}`)
    const wrong = await failureOf(deliver())
    expect(wrong).toMatchObject({ nonRetryable: false, type: 'NotifySettings' })
    await deliverTo(server.url)
    expect(server.received).toHaveLength(1)
  })

  test('that does not name the target may be the older one', async () => {
    await file.write([{ name: 'other', format: 'slack', url: 'https://example.com/', on: ['failed'] }])
    expect(await failureOf(deliver())).toMatchObject({ nonRetryable: false, type: 'TargetUnknown' })
  })

  test('says who is told of what; a test is for all', async () => {
    const { findTargets } = createNotifyActivities(file)
    const target = { format: 'slack', url: 'https://example.com/' }
    await file.write([
      { ...target, name: 'night', on: ['failed', 'asked'] },
      { ...target, name: 'day', on: ['failed', 'proven'] },
    ])
    expect(await findTargets({ event: 'failed' })).toEqual(['night', 'day'])
    expect(await findTargets({ event: 'proven' })).toEqual(['day'])
    expect(await findTargets({ event: 'unproven' })).toEqual([])
    expect(await findTargets({ event: 'test' })).toEqual(['night', 'day'])
  })
})
