import { describe, expect, test } from '@jest/globals'
import { Grants, SCHEMA_PRIVILEGES } from '../../../../images/tools/privileges/grants.ts'
import {
  describeMissing,
  dumpPrivileges,
  grantStatements,
  missingPrivileges,
  neededPrivileges,
} from '../../../../images/tools/privileges/needed-privileges.ts'

/** What MySQL 9.7 shows to root, but for privileges that nobody here asks for. */
const ROOT = [
  'GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, RELOAD, SHUTDOWN, PROCESS, FILE, REFERENCES, INDEX, ALTER, SHOW DATABASES, SUPER, CREATE TEMPORARY TABLES, LOCK TABLES, EXECUTE, REPLICATION SLAVE, REPLICATION CLIENT, CREATE VIEW, SHOW VIEW, CREATE ROUTINE, ALTER ROUTINE, CREATE USER, EVENT, TRIGGER, CREATE TABLESPACE, CREATE ROLE, DROP ROLE ON *.* TO `root`@`%` WITH GRANT OPTION',
  'GRANT APPLICATION_PASSWORD_ADMIN,BACKUP_ADMIN,FLUSH_TABLES,SHOW_ROUTINE ON *.* TO `root`@`%` WITH GRANT OPTION',
  'GRANT PROXY ON ``@`` TO `root`@`%` WITH GRANT OPTION',
]
const server = { schemas: ['shop'], hasBinaryLog: true, trustsCreators: false }

function missingWith(lines: readonly string[], of = server): string {
  return describeMissing(missingPrivileges(neededPrivileges(of), new Grants(lines, true)))
}

function without(privilege: string): string[] {
  return ROOT.map((line) => line.replace(new RegExp(`${privilege}, ?| ?,?${privilege}(?= ON)`), ''))
}

describe('what SHOW GRANTS says', () => {
  test.each([
    ['GRANT SELECT ON `shop`.* TO `u`@`%`', 'SELECT', 'shop', true],
    ['GRANT SELECT ON `shop`.* TO `u`@`%`', 'SELECT', 'shop2', false],
    ['GRANT SELECT ON `shop`.* TO `u`@`%`', 'SELECT', undefined, false],
    ['GRANT SELECT ON `shop`.* TO `u`@`%`', 'INSERT', 'shop', false],
    ['GRANT ALL PRIVILEGES ON `shop`.* TO `u`@`%`', 'EVENT', 'shop', true],
    ['GRANT ALL PRIVILEGES ON `shop`.* TO `u`@`%`', 'GRANT OPTION', 'shop', false],
    ['GRANT ALL PRIVILEGES ON `shop`.* TO `u`@`%` WITH GRANT OPTION', 'GRANT OPTION', 'shop', true],
    ['GRANT SELECT ON `shop\\_%`.* TO `u`@`%`', 'SELECT', 'shop_restored', true],
    ['GRANT SELECT ON `shop\\_%`.* TO `u`@`%`', 'SELECT', 'shopX', false],
    ['GRANT SELECT ON `s_op`.* TO `u`@`%`', 'SELECT', 's.op', true],
    ['GRANT SELECT ON `a``b.(c)`.* TO `u`@`%`', 'SELECT', 'a`b.(c)', true],
    ['GRANT SELECT ON `shop`.`orders` TO `u`@`%`', 'SELECT', 'shop', false],
    ['GRANT `RELOAD`@`%` TO `u`@`%`', 'RELOAD', undefined, false],
    ['GRANT USAGE ON *.* TO `u`@`%`', 'SELECT', 'shop', false],
    ['GRANT ALL PRIVILEGES ON *.* TO `u`@`%`', 'FLUSH_TABLES', undefined, true],
  ])('%s: %s on %s: %s', (line, privilege, schema, expected) => {
    expect(new Grants([line], true).has(privilege, schema)).toBe(expected)
  })

  test('what is revoked of one schema is not had there, whatever is granted on all', () => {
    const grants = new Grants([...ROOT, 'REVOKE TRIGGER ON `shop`.* FROM `root`@`%`'], false)
    expect([grants.has('TRIGGER', 'shop'), grants.has('TRIGGER', 'other'), grants.has('EVENT', 'shop')]).toEqual([
      false,
      true,
      true,
    ])
  })

  test('where privileges can be revoked in part, names mean themselves', () => {
    const line = 'GRANT SELECT ON `s_op`.* TO `u`@`%`'
    expect(new Grants([line], false).has('SELECT', 'shop')).toBe(false)
    expect(new Grants([line], false).has('SELECT', 's_op')).toBe(true)
  })
})

describe('of several lines that may be about one schema', () => {
  // As MySQL says in "Access Control, Stage 2": of what is granted on schemas, the most specific line counts, and no other.
  test.each([
    ['its own name counts before a pattern', ['SELECT ON `shop\\_1`', 'TRIGGER ON `shop%`'], ['SELECT']],
    ['a pattern counts where there is no name', ['SELECT ON `other`', 'TRIGGER ON `shop%`'], ['TRIGGER']],
    ['of two patterns counts what both give', ['SELECT, TRIGGER ON `shop%`', 'TRIGGER, EVENT ON `sh%`'], ['TRIGGER']],
    ['what is granted on all comes on top', ['SELECT ON `shop\\_1`', 'TRIGGER ON *'], ['SELECT', 'TRIGGER']],
  ])('%s', (_, granted, expected) => {
    const grants = new Grants(
      granted.map((each) => `GRANT ${each}.* TO \`u\`@\`%\``),
      true,
    )
    expect(['SELECT', 'TRIGGER', 'EVENT'].filter((privilege) => grants.has(privilege, 'shop_1'))).toEqual(expected)
  })
})

describe('a dump', () => {
  const READER = [
    'GRANT RELOAD, REPLICATION CLIENT ON *.* TO `u`@`%`',
    'GRANT SHOW_ROUTINE ON *.* TO `u`@`%`',
    'GRANT SELECT, SHOW VIEW, EVENT, TRIGGER ON `shop`.* TO `u`@`%`',
  ]

  function lacks(lines: readonly string[], schemas = ['shop']): string {
    return describeMissing(missingPrivileges(dumpPrivileges({ schemas, hasBinaryLog: true }), new Grants(lines, true)))
  }

  test('needs to read, and nothing that a restore needs', () => {
    expect(lacks(READER)).toBe('')
  })

  test.each([
    ['SELECT, ', 'SELECT on `shop`.*'],
    ['SHOW VIEW, ', 'SHOW VIEW on `shop`.*'],
    ['EVENT, ', 'EVENT on `shop`.*'],
    [', TRIGGER', 'TRIGGER on `shop`.*'],
    ['SHOW_ROUTINE', 'SHOW_ROUTINE on *.*'],
    ['RELOAD, ', 'RELOAD on *.*'],
    [', REPLICATION CLIENT', 'REPLICATION CLIENT on *.*'],
  ])('without "%s" lacks %s', (privilege, expected) => {
    expect(lacks(READER.map((line) => line.replace(privilege, '')))).toBe(expected)
  })

  test('needs it for each of its schemas', () => {
    expect(lacks(READER, ['shop', 'yard'])).toBe('SELECT, SHOW VIEW, TRIGGER, EVENT on `yard`.*')
  })

  test('does not see a schema of which it was granted tables', () => {
    const ofTables = READER.map((line) => line.replace('`shop`.*', '`shop`.`orders`'))
    expect(lacks(ofTables)).toBe('SELECT, SHOW VIEW, TRIGGER, EVENT on `shop`.*')
  })
})

describe('a backup and its proof', () => {
  test('need no more than root has', () => {
    expect(missingWith(ROOT)).toBe('')
  })

  test.each([
    ['CREATE USER', 'CREATE USER on *.*'],
    ['REPLICATION CLIENT', ''],
    ['SUPER', 'SUPER on *.*'],
    ['TRIGGER', 'TRIGGER on `shop`.*; TRIGGER on `shop_restored`.*'],
    ['UPDATE', 'UPDATE on `holdfast`.*; UPDATE on `shop_restored`.*'],
  ])('without %s lack: %s', (privilege, expected) => {
    expect(missingWith(without(privilege))).toBe(expected)
  })

  test('may take the read lock by either of two privileges', () => {
    expect(missingWith(without('RELOAD'))).toBe('')
    const neither = without('RELOAD').map((line) => line.replace('FLUSH_TABLES,', ''))
    expect(missingWith(neither)).toBe('RELOAD on *.*')
  })

  test('need less of a server that keeps no binary log, or trusts who creates functions', () => {
    const lines = without('SUPER').map((line) => line.replace('REPLICATION CLIENT, ', ''))
    expect(missingWith(lines)).toBe('REPLICATION CLIENT, SUPER on *.*')
    expect(missingWith(lines, { ...server, trustsCreators: true })).toBe('REPLICATION CLIENT on *.*')
    expect(missingWith(lines, { ...server, hasBinaryLog: false })).toBe('')
  })

  test('must be able to hand SUPER on, where it is needed at all', () => {
    const lines = ROOT.map((line) => line.replace(/ WITH GRANT OPTION$/, ''))
    expect(missingWith(lines)).toBe('GRANT OPTION on *.*; GRANT OPTION on `shop_restored`.*')
    expect(missingWith(lines, { ...server, trustsCreators: true })).toBe('GRANT OPTION on `shop_restored`.*')
    const missing = missingPrivileges(neededPrivileges(server), new Grants(lines, true))
    expect(grantStatements(missing, 'u', true)[0]).toBe('GRANT USAGE ON *.* TO u WITH GRANT OPTION;')
  })

  test('have what they lack told in statements that can be run', () => {
    const missing = missingPrivileges(
      neededPrivileges({ schemas: ['my_shop'], hasBinaryLog: false, trustsCreators: false }),
      new Grants(
        ['GRANT SELECT, CREATE USER ON *.* TO `u`@`%`', 'GRANT ALL PRIVILEGES ON `holdfast`.* TO `u`@`%`'],
        true,
      ),
    )
    expect(grantStatements(missing, "'u'@'%'", true)).toEqual([
      "GRANT RELOAD ON *.* TO 'u'@'%';",
      "GRANT SHOW VIEW, TRIGGER, EVENT, LOCK TABLES ON `my\\_shop`.* TO 'u'@'%';",
      `GRANT ${SCHEMA_PRIVILEGES.slice(1).join(', ')} ON \`my\\_shop\\_restored\`.* TO 'u'@'%' WITH GRANT OPTION;`,
    ])
    expect(grantStatements(missing, "'u'@'%'", false)[1]).toContain('ON `my_shop`.*')
  })

  test('have ALL said where all is missing', () => {
    const missing = missingPrivileges(neededPrivileges(server), new Grants([], true))
    expect(describeMissing(missing)).toContain('ALL, GRANT OPTION on `shop_restored`.*')
    expect(grantStatements(missing, 'u', true).at(-1)).toBe('GRANT ALL ON `shop\\_restored`.* TO u WITH GRANT OPTION;')
  })
})
