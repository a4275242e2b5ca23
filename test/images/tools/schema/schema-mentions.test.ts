import { expect, test } from '@jest/globals'
import { mentionsSchema, withoutSchemaOfFunctions } from '../../../../images/tools/schema/schema-mentions.ts'

test.each([
  'SELECT * FROM shop.items',
  'SELECT * FROM `shop` . `items`',
  'SELECT * FROM "shop"."items"',
  'BEGIN\n-- why\nDELETE FROM shop.items; END',
  "SELECT 'it''s \\' ' FROM shop.items",
  'SELECT /*!80000 * FROM shop.items */',
])('%j names the schema', (sql) => {
  expect(mentionsSchema(sql, 'shop')).toBe(true)
})

test.each([
  'SELECT * FROM items',
  'SELECT shop FROM items',
  'SELECT a.shop.b',
  "SELECT 'shop.items'",
  "SELECT '\\'shop.items'",
  '-- shop.items\nSELECT 1',
  '/* shop.items */ SELECT 1 # shop.items',
  'SELECT `my``shop`.items, myshop.items, shop2.items',
])('%j does not', (sql) => {
  expect(mentionsSchema(sql, 'shop')).toBe(false)
})

test('a name with a backtick is found', () => {
  expect(mentionsSchema('SELECT * FROM `a``b`.c', 'a`b')).toBe(true)
})

test.each([
  ['select `shop`.`f`(`t`.`id`) AS `a` from `t`', 'select `f`(`t`.`id`) AS `a` from `t`'],
  ['select `shop`.`f`(`shop`.`g`(1))', 'select `f`(`g`(1))'],
  // A table's alias, and a text.
  ['select `shop`.`f` AS `f`,(1)', 'select `shop`.`f` AS `f`,(1)'],
  ["select '`shop`.`f`(1)'", "select '`shop`.`f`(1)'"],
  ['select `other`.`f`(1)', 'select `other`.`f`(1)'],
])('%j becomes %j', (sql, without) => {
  expect(withoutSchemaOfFunctions(sql, 'shop')).toBe(without)
})
