import { readFile } from 'node:fs/promises'
import { expect, test } from '@jest/globals'
import { referenceSchemas } from '../../scripts/write-schemas.ts'

test.each([...referenceSchemas()])(
  'docs/reference/%s is the schema that is used (npm run schemas writes it)',
  async (name, text) => {
    expect(await readFile(`docs/reference/${name}`, 'utf8')).toBe(text)
  },
)
