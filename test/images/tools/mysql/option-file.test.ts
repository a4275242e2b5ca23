import { stat } from 'node:fs/promises'
import { expect, test } from '@jest/globals'
import { optionFileText, sysbenchFileText, withSecretFile } from '../../../../images/tools/mysql/option-file.ts'

const account = { host: 'mysql', port: 3306, user: 'root', password: 'p"w\\\'d# x' }

test('a password is written as MySQL reads it', () => {
  expect(optionFileText(account).split('\n')).toContain(String.raw`password="p\"w\\'d# x"`)
  expect(optionFileText({ ...account, password: 'a\nuser=x' }).split('\n')).toContain(String.raw`password="a\nuser=x"`)
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
