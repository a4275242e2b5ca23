import { readFile } from 'node:fs/promises'
import { expect, test } from '@jest/globals'
import { referenceFiles } from '../scripts/write-schemas.ts'

test.each([...referenceFiles()])(
  'docs/reference/%s is what the code says (npm run schemas writes it)',
  async (name, text) => {
    expect(await readFile(`docs/reference/${name}`, 'utf8')).toBe(text)
  },
)
