import { expect, test } from '@jest/globals'
import { bytesOfGroup, groupRows, type Piece } from '../../../../images/tools/dump/group-rows.ts'

const MB = 1024 * 1024

function tables(schema: string, ...megabytes: number[]): Piece[] {
  return megabytes.map((size, index) => ({ schema, table: `t${index}`, bytes: size * MB }))
}

function grouped(pieces: readonly Piece[], megabytes: number): string[] {
  return groupRows(pieces, megabytes * MB).map(({ schema, tables, where }) =>
    [schema, ...tables, ...(where === undefined ? [] : [where])].join(' '),
  )
}

test('small tables of a schema share a file, large ones have their own, and the heaviest come first', () => {
  expect(grouped(tables('shop', 1, 90, 2, 60, 3), 64)).toEqual(['shop t1', 'shop t3 t4', 'shop t2 t0'])
})

test('tables of two schemas never share a file', () => {
  expect(grouped([...tables('shop', 1), ...tables('yard', 2)], 64)).toEqual(['yard t0', 'shop t0'])
})

test('each range has a file of its own', () => {
  const ranges = ['id < 5', 'id >= 5'].map((where) => ({ schema: 'shop', table: 'big', where, bytes: MB }))
  expect(grouped([...ranges, ...tables('shop', 1)], 64)).toEqual(['shop t0', 'shop big id < 5', 'shop big id >= 5'])
})

test('nothing gives nothing, and what weighs nothing is dumped all the same', () => {
  expect(grouped([], 64)).toEqual([])
  expect(grouped(tables('shop', 0, 0), 64)).toEqual(['shop t0 t1'])
})

test('many empty tables are shared out among the processes', () => {
  const many = tables('shop', ...Array.from({ length: 1000 }, () => 0))
  const groups = groupRows(many, bytesOfGroup(many, 4, 2))
  expect(groups.length).toBeGreaterThanOrEqual(7)
  expect(groups.flatMap((group) => group.tables)).toHaveLength(1000)
})

test('files are as many that each process has two, and 16 more at most', () => {
  expect(bytesOfGroup(tables('shop', 800), 4, 2)).toBeGreaterThan(100 * MB)
  expect(bytesOfGroup(tables('shop', 800), 4, 2)).toBeLessThan(101 * MB)
  // 80 files for 64 processes.
  expect(bytesOfGroup(tables('shop', 8000), 64, 2)).toBeGreaterThan(100 * MB)
})

test('small tables are shared out too: what MySQL says of their size may be old', () => {
  const four = tables('shop', 0, 0, 0, 0)
  expect(groupRows(four, bytesOfGroup(four, 4, 2))).toHaveLength(4)
})

test('files that are uploaded as they are finished are as many as each process is to write, and 16 more at most', () => {
  expect(bytesOfGroup(tables('shop', 1200), 4, 3)).toBeLessThan(101 * MB)
  // 20 files.
  expect(bytesOfGroup(tables('shop', 2000), 4, 100)).toBeGreaterThan(100 * MB)
})
