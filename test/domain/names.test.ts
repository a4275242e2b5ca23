import { expect, test } from '@jest/globals'
import { fileNameSchema, randomPartOf } from '../../src/domain/names.ts'

test.each([
  's0-2-snapshot-data-0000.sql.zst',
  'manifest.json',
  '@.json',
  '@.done.json',
  'shop@orders@@12.tsv.zst.idx',
  'odd%20name%2Fwith%60all%27.json',
  '_a~b@größe@0.tsv.zst',
  '表@列.json',
])('%j names a file of a dump', (name) => {
  expect(fileNameSchema().safeParse(name).success).toBe(true)
})

test.each([
  '',
  '.',
  '..',
  '.hidden',
  '-option',
  'a/b',
  '../../etc/passwd',
  'a\\b',
  'a b',
  "a'b",
  'a\nb',
  'a\u0000b',
  'a\ud83d',
])('%j names none', (name) => {
  expect(fileNameSchema().safeParse(name).success).toBe(false)
})

test('two runs of the same moment have another part, though their ids begin alike', () => {
  expect(randomPartOf('01a216de-05e9-764a-a92f-c90918b63ac8')).toBe('18b63ac8')
  expect(randomPartOf('01a216de-05e9-764a-a92f-c90918b63ac9')).not.toBe('18b63ac8')
})
