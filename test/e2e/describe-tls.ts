import { readFile } from 'node:fs/promises'
import { createServer, connect as dial, type Server, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { z } from 'zod'
import { connect, queryOne, withConnection } from '../../images/tools/mysql/connection.ts'
import { optionFileText } from '../../images/tools/mysql/option-file.ts'
import type { MysqlAccount } from '../../images/tools/mysql/settings.ts'
import type { MysqlTls } from '../../images/tools/mysql/tls.ts'
import { kubectl, type WholeLab } from '../support/lab.ts'
import { mysqlAccount } from '../support/mysql-account.ts'
import { ToolsPod } from '../support/tools-pod.ts'

const MOST_MILLISECONDS = 300_000
/** Where MySQL keeps the certificates that it makes for itself. */
const OWN_CA = '/var/lib/mysql/data/ca.pem'
const CIPHER = "SHOW SESSION STATUS LIKE 'Ssl_cipher'"

/** Tests that need a MySQL with the certificates that it made for itself. @param labOf the lab, once the tests run */
export function describeTls(labOf: () => WholeLab, namespace: string): void {
  let account: MysqlAccount
  /** The authority of the server's own certificate, and another one. */
  let own: string
  let other: string

  describe('a connection to MySQL', () => {
    beforeAll(async () => {
      account = await mysqlAccount(labOf(), namespace)
      const text = await kubectl(labOf(), '--namespace', namespace, 'exec', 'deploy/mysql', '--', 'cat', OWN_CA)
      // MySQL ends the file that it makes with a byte 0, which no argument can have.
      own = text.replaceAll('\0', '')
      other = await readFile(labOf().aws.caFile, 'utf8')
    }, MOST_MILLISECONDS)

    test.each<[string, () => MysqlTls, RegExp]>([
      ['is protected by TLS, if nothing is said', () => account.tls, /^TLS_/],
      ['is protected by TLS, if it has to be', () => ({ mode: 'REQUIRED' }), /^TLS_/],
      ['is not, if it is not to be', () => ({ mode: 'DISABLED' }), /^$/],
      ['is made to whom the right authority has signed', () => verified('VERIFY_CA', own), /^TLS_/],
    ])('%s', async (_, tls, cipher) => {
      expect(await cipherOf({ ...account, tls: tls() })).toMatch(cipher)
    })

    test.each<[string, () => MysqlTls, RegExp]>([
      [
        'another authority has signed',
        () => verified('VERIFY_CA', other),
        /self-signed certificate in certificate chain/,
      ],
      ['has a certificate with another name', () => verified('VERIFY_IDENTITY', own), /does not match certificate/],
    ])('is refused to whom %s', async (_, tls, message) => {
      const error = { type: 'MysqlNotTrusted', message: expect.stringMatching(message), retryable: false }
      await expect(connect({ ...account, tls: tls() })).rejects.toMatchObject(error)
    })

    describe('to a server that offers no TLS', () => {
      let proxy: Server
      let through: MysqlAccount

      beforeAll(async () => {
        proxy = createServer((client) => hideTls(client, dial(account.port, account.host)))
        await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
        const address = proxy.address()
        if (address === null || typeof address === 'string') throw new Error('The proxy has no port.')
        through = { ...account, host: '127.0.0.1', port: address.port }
      })

      afterAll(() => {
        proxy.close()
      })

      test('is made without, if nothing is said', async () => {
        expect(await cipherOf(through)).toBe('')
      })

      test('is refused, if it has to be protected', async () => {
        const error = { type: 'MysqlWithoutTls', retryable: false }
        await expect(connect({ ...through, tls: { mode: 'REQUIRED' } })).rejects.toMatchObject(error)
      })
    })

    test(
      "of MySQL's own clients is protected and refused in the same way",
      async () => {
        const pod = await ToolsPod.start(labOf(), namespace, 'tls')
        try {
          const write = async (file: string, text: string) =>
            await pod.run(['sh', '-c', 'umask 077; printf %s "$1" > "$2"', 'sh', text, file])
          const ask = async (tls: MysqlTls) => {
            await write('/tmp/options.cnf', optionFileText({ ...account, tls }))
            return await pod.run(['mysql', '--defaults-file=/tmp/options.cnf', '--batch', '--execute', CIPHER])
          }
          await write('/tmp/own.crt', own)
          await write('/tmp/other.crt', other)
          expect(await ask(account.tls)).toMatch(/Ssl_cipher\tTLS_/)
          expect(await ask({ mode: 'DISABLED' })).toMatch(/Ssl_cipher\t$/)
          expect(await ask({ mode: 'VERIFY_CA', caFile: '/tmp/own.crt', ca: own })).toMatch(/Ssl_cipher\tTLS_/)
          const wrong = ask({ mode: 'VERIFY_CA', caFile: '/tmp/other.crt', ca: other })
          await expect(wrong).rejects.toThrow(/certificate verify failed/)
        } finally {
          await pod.remove()
        }
      },
      MOST_MILLISECONDS,
    )
  })
}

function verified(mode: 'VERIFY_CA' | 'VERIFY_IDENTITY', ca: string): MysqlTls {
  return { mode, caFile: '', ca }
}

/** What a connection is encrypted by, as the server knows it: nothing, where it is not. */
async function cipherOf(account: MysqlAccount): Promise<string> {
  return await withConnection(account, async (connection) => {
    const { Value } = await queryOne(connection, z.object({ Value: z.string() }), CIPHER)
    return Value
  })
}

/** Lets bytes through, and takes from the server's greeting that it offers TLS: CLIENT_SSL in the lower half of what it can. */
function hideTls(client: Socket, server: Socket): void {
  server.once('data', (greeting) => {
    // A header of four bytes, the protocol's version, the server's version with a zero at its end, ...
    const capabilities = greeting.indexOf(0, 5) + 1 + 4 + 8 + 1
    greeting.writeUInt16LE(greeting.readUInt16LE(capabilities) & ~0x0800, capabilities)
    client.write(greeting)
    server.pipe(client)
  })
  client.pipe(server)
  for (const socket of [client, server]) socket.on('error', () => undefined)
}
