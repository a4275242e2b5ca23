import { expect, test } from '@jest/globals'
import type { RowFiles, TableOfSchema } from '../../../../images/tools/dump/plan-rows.ts'
import { tablesForShell } from '../../../../images/tools/dump/shell-dump.ts'

function table(schema: string, name: string): TableOfSchema {
  return { schema, name, engine: 'InnoDB', bytes: 0 }
}

function files(tables: readonly TableOfSchema[], exact: readonly TableOfSchema[]): RowFiles {
  const exactFiles = exact.map(({ schema, name }) => ({ path: 'x', kind: 'data', schema, tables: [name] }) as const)
  return { tables, dumps: [], exactFiles }
}

test('MySQL Shell dumps all tables, with snapshots and without, but those that are read exactly', () => {
  const [orders, floats, old, other, alone] = [
    table('shop', 'orders'),
    table('shop', 'floats'),
    table('shop', 'old'),
    table('archive', 'floats'),
    table('lab', 'floats'),
  ] as const
  const plan = {
    tables: new Map(),
    snapshot: files([orders, floats, other, alone], [floats, alone]),
    locked: files([old], []),
  }
  // It need not be told to leave a schema out of which it dumps nothing.
  expect(tablesForShell(plan)).toEqual({ tables: [orders, other, old], others: [floats] })
})
