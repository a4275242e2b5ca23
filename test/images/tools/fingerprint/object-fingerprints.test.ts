import { expect, test } from '@jest/globals'
import { objectFingerprints } from '../../../../images/tools/fingerprint/object-fingerprints.ts'

const settings = { sqlMode: 'ANSI_QUOTES', collation: 'utf8mb4_0900_ai_ci' }
const definer = 'DEFINER=`a`@`%`'

test('objects are told by what is the same in whichever schema they are', () => {
  const statement = `CREATE ${definer} EVENT \`e\` ON SCHEDULE EVERY 1 DAY ON COMPLETION PRESERVE ENABLE DO SET @a = 1`
  const objects = objectFingerprints({
    characterSet: 'utf8mb4',
    collation: 'utf8mb4_bin',
    autoIncrements: new Map(),
    brokenViews: [],
    views: [{ name: 'v', columns: ['i'], statement: `CREATE ${definer} VIEW \`v\` AS select 1 AS \`i\``, ...settings }],
    routines: [{ kind: 'function', name: 'f', statement: `CREATE ${definer} FUNCTION \`f\`() RETURN 1`, ...settings }],
    triggers: [
      {
        name: 't',
        table: 'i',
        timing: 'AFTER',
        event: 'INSERT',
        order: 2,
        statement: `CREATE ${definer} TRIGGER shop.t AFTER INSERT ON shop.i FOR EACH ROW FOLLOWS s SET @a = 1`,
        ...settings,
      },
    ],
    events: [{ name: 'e', status: 'ENABLED', timeZone: '+02:00', statement, ...settings }],
  })
  const common = { definer: '`a`@`%`', status: null, settings }
  expect(objects).toEqual([
    {
      ...common,
      kind: 'view',
      name: 'v',
      definition: 'CREATE VIEW `v` AS select 1 AS `i`',
      settings: { collation: settings.collation },
    },
    { ...common, kind: 'function', name: 'f', definition: 'CREATE FUNCTION `f`() RETURN 1' },
    {
      ...common,
      kind: 'trigger',
      name: 't',
      definition: 'CREATE TRIGGER `t` AFTER INSERT ON `i` FOR EACH ROW SET @a = 1',
      settings: { ...settings, order: '2' },
    },
    {
      ...common,
      kind: 'event',
      name: 'e',
      definition: 'CREATE EVENT `e` ON SCHEDULE EVERY 1 DAY ON COMPLETION PRESERVE DISABLE DO SET @a = 1',
      status: 'ENABLED',
      settings: { ...settings, timeZone: '+02:00' },
    },
  ])
})
