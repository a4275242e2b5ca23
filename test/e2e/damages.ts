import { expect } from '@jest/globals'

/** What may have happened to a restored schema of odd-objects.sql, each with the statements that undo it. */
export interface Damage {
  readonly name: string
  readonly sql: readonly string[]
  readonly repair: readonly string[]
  /** What must be said of it. */
  readonly difference: object
}

const CHILDREN = '`Children of 2026 "Löwe" ```'
const FIRST_BODY = "BEGIN\n  SET NEW.name = CONCAT(NEW.name, '1');\nEND"

/**
 * @param schema that was restored
 * @param definer of what is in it, as SQL has it
 */
export function damages(schema: string, definer: string): readonly Damage[] {
  const firstTrigger = `CREATE DEFINER = ${definer} TRIGGER first_to_fire BEFORE INSERT ON parents FOR EACH ROW`
  return [
    {
      name: 'a row missing',
      sql: ['DELETE FROM measured WHERE region = 2'],
      repair: ["INSERT INTO measured VALUES ('2025-01-01', 2, -0.1, 3.4028234e38)"],
      difference: { kind: 'table', name: 'measured', what: 'had 2 rows, and has 1' },
    },
    {
      name: 'a row changed',
      sql: ['UPDATE `-dash` SET id = 1 WHERE id = 0'],
      repair: ['UPDATE `-dash` SET id = 0 WHERE id = 1'],
      difference: { kind: 'table', name: '-dash', what: 'has other rows' },
    },
    {
      name: "a byte of a document's text changed",
      sql: ["UPDATE texts SET document = JSON_SET(document, '$.b[2]', 'u') WHERE id = 1 AND bytes <> ''"],
      repair: ["UPDATE texts SET document = JSON_SET(document, '$.b[2]', 'ü') WHERE id = 1 AND bytes <> ''"],
      difference: { kind: 'table', name: 'texts', what: 'has other rows' },
    },
    {
      name: "a column's charset changed",
      sql: ["ALTER TABLE parents MODIFY name VARCHAR(40) CHARACTER SET utf8mb4 NOT NULL DEFAULT 'Löwe'"],
      repair: [
        "ALTER TABLE parents MODIFY name VARCHAR(40) CHARACTER SET latin1 COLLATE latin1_german1_ci NOT NULL DEFAULT 'Löwe'",
      ],
      difference: { kind: 'table', name: 'parents', what: expect.stringContaining('latin1_german1_ci') },
    },
    {
      name: 'an index missing',
      sql: ['ALTER TABLE texts DROP INDEX words'],
      repair: ['ALTER TABLE texts ADD FULLTEXT KEY words (body) WITH PARSER ngram'],
      difference: { kind: 'table', name: 'texts', what: expect.stringContaining('FULLTEXT KEY') },
    },
    {
      name: 'a foreign key missing',
      sql: [`ALTER TABLE ${CHILDREN} DROP FOREIGN KEY of_parent`],
      repair: [
        `ALTER TABLE ${CHILDREN} ADD CONSTRAINT of_parent FOREIGN KEY (parent) REFERENCES parents (id) ON DELETE SET NULL ON UPDATE CASCADE`,
      ],
      difference: { kind: 'table', what: expect.stringContaining('of_parent') },
    },
    {
      name: 'a check no longer enforced',
      sql: [`ALTER TABLE ${CHILDREN} ALTER CHECK \`own name\` NOT ENFORCED`],
      repair: [`ALTER TABLE ${CHILDREN} ALTER CHECK \`own name\` ENFORCED`],
      difference: { kind: 'table', what: expect.stringContaining('NOT ENFORCED') },
    },
    {
      name: 'a partition gone',
      sql: [
        'ALTER TABLE measured REORGANIZE PARTITION old, current INTO (PARTITION current VALUES LESS THAN MAXVALUE)',
      ],
      repair: [
        `ALTER TABLE measured REORGANIZE PARTITION current INTO (PARTITION old VALUES LESS THAN (2025) COMMENT = 'before', PARTITION current VALUES LESS THAN MAXVALUE)`,
      ],
      difference: { kind: 'table', name: 'measured', what: expect.stringContaining('PARTITION') },
    },
    {
      name: 'an auto_increment gone back',
      sql: ['ALTER TABLE parents AUTO_INCREMENT = 4'],
      repair: ['ALTER TABLE parents AUTO_INCREMENT = 100'],
      difference: { kind: 'table', name: 'parents', what: 'would give 4 to its next row, and gave 100 before' },
    },
    {
      name: 'a table too many',
      sql: ['CREATE TABLE extra (id INT)'],
      repair: ['DROP TABLE extra'],
      difference: { kind: 'table', name: 'extra', what: 'is there, and was not in the backup' },
    },
    {
      name: 'a view missing',
      sql: ['RENAME TABLE a_first TO elsewhere'],
      repair: ['RENAME TABLE elsewhere TO a_first'],
      difference: { kind: 'view', name: 'a_first', what: 'is missing' },
    },
    {
      name: 'a view different',
      sql: ['ALTER SQL SECURITY INVOKER VIEW a_first (`first`) AS SELECT doubled FROM `a view`'],
      repair: [
        'ALTER ALGORITHM = MERGE SQL SECURITY INVOKER VIEW a_first (`first`) AS SELECT doubled FROM `a view` WITH LOCAL CHECK OPTION',
      ],
      difference: { kind: 'view', name: 'a_first' },
    },
    {
      name: 'a routine different',
      sql: ["ALTER FUNCTION twice COMMENT 'other'"],
      repair: ["ALTER FUNCTION twice COMMENT 'doubles, it''s said'"],
      difference: { kind: 'function', name: 'twice' },
    },
    {
      name: 'a routine missing',
      sql: ['DROP FUNCTION twice'],
      repair: [
        `CREATE DEFINER = ${definer} FUNCTION twice(n INT) RETURNS INT DETERMINISTIC NO SQL COMMENT 'doubles, it''s said' RETURN n * 2`,
      ],
      difference: { kind: 'function', name: 'twice', what: 'is missing' },
    },
    {
      name: 'triggers in another order',
      sql: ['DROP TRIGGER first_to_fire', `${firstTrigger} FOLLOWS second_to_fire ${FIRST_BODY}`],
      repair: ['DROP TRIGGER first_to_fire', `${firstTrigger} PRECEDES second_to_fire ${FIRST_BODY}`],
      difference: { kind: 'trigger', name: 'first_to_fire', what: 'had the order "1", and has "2"' },
    },
    {
      name: 'a trigger missing',
      sql: ['DROP TRIGGER `after it`'],
      repair: [
        `CREATE DEFINER = ${definer} TRIGGER \`after it\` AFTER DELETE ON ${CHILDREN} FOR EACH ROW INSERT INTO log VALUES ('gone 🦁')`,
      ],
      difference: { kind: 'trigger', name: 'after it', what: 'is missing' },
    },
    {
      name: 'an event different',
      sql: ["ALTER EVENT nightly COMMENT 'other'"],
      repair: [`ALTER DEFINER = ${definer} EVENT nightly COMMENT 'ENABLE it''s'`],
      difference: { kind: 'event', name: 'nightly' },
    },
    {
      name: 'an event that would fire',
      sql: ['ALTER EVENT resting ENABLE'],
      repair: [`ALTER DEFINER = ${definer} EVENT resting DISABLE`],
      difference: { kind: 'event', name: 'resting', what: 'was DISABLED, and is ENABLED' },
    },
    {
      name: "the schema's collation changed",
      sql: ['ALTER DATABASE COLLATE utf8mb4_bin'],
      repair: ['ALTER DATABASE COLLATE utf8mb4_0900_ai_ci'],
      difference: { kind: 'schema', name: schema },
    },
  ]
}
