import { globSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { z } from 'zod'

const DOMAIN = new URL('../../src/domain/', import.meta.url)

/** The schemas among what a module exports, and in the objects and lists that it exports. */
function schemasIn(value: unknown, path: string): string[] {
  if (value instanceof z.ZodType) return [path]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, each]) => schemasIn(each, `${path}.${name}`))
}

test.each(globSync('*.ts', { cwd: DOMAIN }))(
  '%s, which all workflows of a worker share, exports no schema: frozen, it would parse nothing',
  async (file) => {
    const module: object = await import(new URL(file, DOMAIN).href)
    expect(schemasIn({ ...module }, file)).toEqual([])
  },
)
