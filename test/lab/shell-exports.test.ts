import { expect, test } from '@jest/globals'
import { execa } from 'execa'
import { shellExports } from '../../lab/shell-exports.ts'

test('a shell that evaluates the lines has the variables as they are, and the programs on its path', async () => {
  const lines = shellExports({ ODD: `it's "$HOME" \\ and more` }, [
    '/tools/a/kubectl',
    '/tools/b/rclone',
    '/tools/a/just',
  ])
  const { stdout } = await execa('sh', ['-c', `${lines}\nprintf '%s\\n%s' "$ODD" "$PATH"`], { env: { PATH: '/bin' } })
  expect(stdout).toBe(`it's "$HOME" \\ and more\n/tools/a:/tools/b:/bin`)
})
