import { expect, test } from '@jest/globals'
import { accountStatements } from '../../../../images/tools/accounts/accounts-sql.ts'

const TAIL = 'REQUIRE NONE PASSWORD EXPIRE DEFAULT ACCOUNT UNLOCK'

test('accounts are made before they are granted anything, and have their default roles last', () => {
  const reader = {
    name: '`reader`@`%`',
    statement: `CREATE USER \`reader\`@\`%\` IDENTIFIED WITH 'caching_sha2_password' ${TAIL}`,
    grants: ['GRANT SELECT ON `shop`.* TO `reader`@`%`'],
  }
  const odd = {
    name: "`o'dd DEFAULT ROLE`@`10.%`",
    statement: `CREATE USER \`o'dd DEFAULT ROLE\`@\`10.%\` IDENTIFIED WITH 'x' AS 0x24 DEFAULT ROLE \`reader\`@\`%\`,\`b\`\`c\`@\`%\` ${TAIL}`,
    grants: ["GRANT USAGE ON *.* TO `o'dd DEFAULT ROLE`@`10.%`", "GRANT `reader`@`%` TO `o'dd DEFAULT ROLE`@`10.%`"],
  }
  expect(accountStatements([odd, reader])).toEqual([
    `CREATE USER \`o'dd DEFAULT ROLE\`@\`10.%\` IDENTIFIED WITH 'x' AS 0x24 ${TAIL}`,
    reader.statement,
    ...odd.grants,
    ...reader.grants,
    "ALTER USER `o'dd DEFAULT ROLE`@`10.%` DEFAULT ROLE `reader`@`%`,`b``c`@`%`",
  ])
})
