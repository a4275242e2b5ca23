import { readFile } from 'node:fs/promises'
import { expect, test } from '@jest/globals'
import { referenceFiles } from '../scripts/write-schemas.ts'

test.each([...(await referenceFiles())])('%s is what the code says (npm run schemas writes it)', async (path, text) => {
  expect(await readFile(path, 'utf8')).toBe(text)
})
