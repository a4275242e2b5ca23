import { stat } from 'node:fs/promises'
import { expect, test } from '@jest/globals'
import { optionFileText, sysbenchFileText, withSecretFile } from '../../../../images/tools/mysql/option-file.ts'

const account = {
  host: 'mysql',
  port: 3306,
  user: 'root',
  password: 'p"w\\\'d# x',
  tls: { mode: 'PREFERRED' },
} as const

test('a password is written as MySQL reads it', () => {
  expect(optionFileText(account).split('\n')).toContain(String.raw`password="p\"w\\'d# x"`)
  expect(optionFileText({ ...account, password: 'a\nuser=x' }).split('\n')).toContain(String.raw`password="a\nuser=x"`)
})

test("whether by TLS, and whose certificates are trusted, is told by the words of MySQL's clients", () => {
  expect(optionFileText(account).split('\n')).toEqual(
    expect.arrayContaining(['ssl-mode="PREFERRED"', 'get-server-public-key="true"']),
  )
  const tls = { mode: 'VERIFY_IDENTITY', caFile: '/run/secrets/mysql/ca.crt', ca: 'PEM' } as const
  const lines = optionFileText({ ...account, tls }).split('\n')
  expect(lines).toEqual(expect.arrayContaining(['ssl-mode="VERIFY_IDENTITY"', 'ssl-ca="/run/secrets/mysql/ca.crt"']))
})

test('a password that sysbench would read otherwise is refused', () => {
  expect(sysbenchFileText({ ...account, password: 'a1' }).split('\n')).toContain('mysql-password=a1')
  expect(() => sysbenchFileText(account)).toThrow()
})

test('only this user may read the file, and it does not outlast its use', async () => {
  const path = await withSecretFile('secret', async (file) => {
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    return file
  })
  await expect(stat(path)).rejects.toThrow(/ENOENT/)
})
