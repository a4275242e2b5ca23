import { expect, test } from '@jest/globals'
import { parseScript, renderScript, withoutDefiner } from '../../../../images/tools/schema/object-script.ts'
import { eventStatesSql, eventsSql, triggersSql, viewsSql } from '../../../../images/tools/schema/object-sql.ts'

const settings = { sqlMode: 'ANSI_QUOTES', collation: 'utf8mb4_0900_ai_ci' }

test('statements come back from a script as they were, whatever stands in them', () => {
  const statements = ['SELECT "$$"', 'BEGIN\n$$\nDELIMITER ;\nEND', '-- ends with $']
  expect(parseScript(renderScript(statements))).toEqual(statements)
  expect(parseScript(renderScript([]))).toEqual([])
  expect(() => parseScript(renderScript(statements).slice(0, -3))).toThrow()
})

function trigger(statement: string): string {
  const facts = { name: 'tr`g', table: 'items', timing: 'AFTER', event: 'INSERT', order: 1, statement, ...settings }
  return parseScript(triggersSql([facts])).at(-1) ?? ''
}

test.each([
  ['its name', 'CREATE DEFINER=`a`@`%` TRIGGER shop.`tr``g` AFTER INSERT ON items FOR EACH ROW SET @a = 1'],
  ['its table', 'CREATE DEFINER=`a`@`%` TRIGGER `tr``g` after insert\n ON `shop` . `items` FOR EACH ROW SET @a = 1'],
  ['its order', 'CREATE DEFINER=`a`@`%` TRIGGER "tr`g" AFTER INSERT ON items FOR EACH ROW FOLLOWS x SET @a = 1'],
])('a trigger loses the schema in %s', (_, statement) => {
  expect(trigger(statement)).toBe(
    'CREATE DEFINER=`a`@`%` TRIGGER `tr``g` AFTER INSERT ON `items` FOR EACH ROW SET @a = 1',
  )
})

test("a trigger's body stays as it was written", () => {
  const body = "BEGIN INSERT INTO log VALUES ('it''s \\\\ TRIGGER a.b ON c FOR EACH ROW'); END"
  expect(trigger(`CREATE DEFINER=\`a\`@\`%\` TRIGGER t AFTER INSERT ON i FOR EACH ROW ${body}`)).toContain(body)
})

test('an event is restored disabled, and enabled by another script', () => {
  const head = "CREATE DEFINER=`a`@`%` EVENT `e$1` ON SCHEDULE EVERY 1 DAY STARTS '2026-01-01 00:00:00'"
  const statement = `${head} ON COMPLETION NOT PRESERVE ENABLE COMMENT 'x' DO SET @a = ' ON COMPLETION PRESERVE ENABLE'`
  const event = { name: 'e$1', status: 'ENABLED', timeZone: '+02:00', statement, ...settings }
  expect(parseScript(eventsSql([event])).slice(-2)).toEqual([
    "SET time_zone = '+02:00'",
    `${head} ON COMPLETION NOT PRESERVE DISABLE COMMENT 'x' DO SET @a = ' ON COMPLETION PRESERVE ENABLE'`,
  ])
  expect(parseScript(eventStatesSql([event]))).toEqual(['ALTER DEFINER=`a`@`%` EVENT `e$1` ENABLE'])
  expect(parseScript(eventStatesSql([{ ...event, status: 'DISABLED' }]))).toEqual([])
  expect(() => eventsSql([{ ...event, statement: 'CREATE EVENT e' }])).toThrow(/e\$1/)
})

test('a view has a stand-in before any view that may be made of it', () => {
  const statement =
    'CREATE ALGORITHM=UNDEFINED DEFINER=`a`@`%` SQL SECURITY DEFINER VIEW `a` AS select `z`.`i` AS `i` from `z`'
  const script = parseScript(viewsSql([{ name: 'a', columns: ['i'], statement, collation: settings.collation }]))
  expect(script[0]).toBe('CREATE OR REPLACE VIEW `a` AS SELECT 1 AS `i`')
  expect(script.at(-1)).toBe(statement.replace('CREATE', 'CREATE OR REPLACE'))
})

test.each([
  ['CREATE DEFINER=`a`@`%` FUNCTION `f`() RETURNS int RETURN 1', 'CREATE FUNCTION `f`() RETURNS int RETURN 1'],
  ['CREATE OR REPLACE ALGORITHM=MERGE DEFINER=`a``b`@`10.%` VIEW v AS', 'CREATE OR REPLACE ALGORITHM=MERGE VIEW v AS'],
  ['CREATE PROCEDURE p() CREATE DEFINER=`a`@`%` x', 'CREATE PROCEDURE p() CREATE DEFINER=`a`@`%` x'],
])('%s names no definer', (statement, without) => {
  expect(withoutDefiner(statement)).toBe(without)
})
