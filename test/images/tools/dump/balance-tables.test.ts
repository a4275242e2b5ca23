import { expect, test } from '@jest/globals'
import { balanceTables } from '../../../../images/tools/dump/balance-tables.ts'

function tables(...bytes: number[]) {
  return bytes.map((size, index) => ({ name: `t${index}`, bytes: size }))
}

function loads(schemas: Record<string, number[]>, threads: number) {
  const weighed = new Map(Object.entries(schemas).map(([schema, bytes]) => [schema, tables(...bytes)]))
  return balanceTables(weighed, threads).map(({ schema, bytes }) => `${schema} ${bytes}`)
}

test('the heaviest tables are dealt out first', () => {
  expect(loads({ shop: [1, 2, 3, 4, 10] }, 2)).toEqual(['shop 10', 'shop 10'])
})

test('every table is dumped once, whatever it weighs', () => {
  const shares = balanceTables(new Map([['shop', tables(0, 0, 0, 0, 0, 7, 0)]]), 3)
  expect(shares.flatMap(({ tables }) => tables).sort()).toEqual(['t0', 't1', 't2', 't3', 't4', 't5', 't6'])
  expect(shares.every(({ tables }) => tables.length > 0)).toBe(true)
})

test('no process has nothing to do', () => {
  expect(loads({ shop: [5, 5] }, 8)).toEqual(['shop 5', 'shop 5'])
  expect(loads({ empty: [] }, 8)).toEqual([])
})

test('each schema has a process, and the heavier one gets those that are left', () => {
  expect(loads({ small: [1, 1], large: [100, 100, 100], none: [] }, 4)).toEqual([
    'small 2',
    'large 100',
    'large 100',
    'large 100',
  ])
  expect(loads({ one: [1, 2], two: [3, 4], three: [5, 6] }, 1)).toEqual(['one 3', 'two 7', 'three 11'])
})
