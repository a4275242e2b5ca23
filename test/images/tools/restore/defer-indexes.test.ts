import { expect, test } from '@jest/globals'
import { ordinaryIndexes } from '../../../../images/tools/restore/defer-indexes.ts'

const TABLE = `CREATE TABLE \`orders\` (
  \`id\` int NOT NULL AUTO_INCREMENT,
  \`KEY\` varchar(20) COLLATE utf8mb4_bin DEFAULT NULL COMMENT '\\n  KEY \`no\` (\`id\`)',
  PRIMARY KEY (\`id\`),
  UNIQUE KEY \`one\` (\`KEY\`),
  KEY \`by \`\`name\`\`, odd\` (\`KEY\`(5) DESC) /*!80000 INVISIBLE */,
  KEY \`functional\` ((lower(\`KEY\`))) COMMENT 'with, comma',
  FULLTEXT KEY \`words\` (\`KEY\`),
  SPATIAL KEY \`where\` (\`place\`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4`

test('the ordinary indexes of a table are found, and no others', () => {
  expect(ordinaryIndexes(TABLE)).toEqual([
    {
      name: '`by ``name``, odd`',
      definition: 'KEY `by ``name``, odd` (`KEY`(5) DESC) /*!80000 INVISIBLE */',
    },
    { name: '`functional`', definition: "KEY `functional` ((lower(`KEY`))) COMMENT 'with, comma'" },
  ])
})

test('those of another engine stay as they are', () => {
  expect(ordinaryIndexes(TABLE.replace('InnoDB', 'MyISAM'))).toEqual([])
})
