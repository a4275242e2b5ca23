import { expect, test } from '@jest/globals'
import { withoutCounter } from '../../../../images/tools/fingerprint/take-fingerprint.ts'

const columns =
  "CREATE TABLE `t` (\n  `id` int NOT NULL AUTO_INCREMENT COMMENT ') AUTO_INCREMENT=7',\n  PRIMARY KEY (`id`)\n"
const rest = "DEFAULT CHARSET=utf8mb4 COMMENT=') ENGINE=InnoDB AUTO_INCREMENT=7'\n/*!50100 PARTITION BY HASH (`id`) */"

test('what the next row gets is no part of the definition', () => {
  expect(withoutCounter(`${columns}) ENGINE=InnoDB AUTO_INCREMENT=7 ${rest}`)).toBe(`${columns}) ENGINE=InnoDB ${rest}`)
  const tablespace = '/*!50100 TABLESPACE `a` */ ENGINE=InnoDB'
  expect(withoutCounter(`${columns}) ${tablespace} AUTO_INCREMENT=7 ${rest}`)).toBe(`${columns}) ${tablespace} ${rest}`)
})

test('a definition without a counter stays as it is, whatever its comments say', () => {
  expect(withoutCounter(`${columns}) ENGINE=InnoDB ${rest}`)).toBe(`${columns}) ENGINE=InnoDB ${rest}`)
})
