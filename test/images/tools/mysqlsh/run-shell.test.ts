import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { runShell, type ShellCall } from '../../../../images/tools/mysqlsh/run-shell.ts'
import { SCRIPT, StandIn } from './stand-in/stand-in.ts'

const login = { host: 'db.example.com', port: 3307, user: 'o\'neil "x"', password: 'p"a\\s$s `w`\n' }
const account = { ...login, tls: { mode: 'VERIFY_CA', caFile: '/ca.crt', ca: 'PEM' } } as const
const CHECKSUM = { checksum: true }
let standIn: StandIn

beforeEach(async () => {
  standIn = await StandIn.start()
  process.env.STAND_IN_TABLES = JSON.stringify({ [NAME]: [] })
})
afterEach(async () => await standIn.stop())

/** A schema that is no word in any language that it passes through. */
const NAME = `s'h"o\`p\\ \${x} ; rm -rf %41 ü`

function call(folder = 'out'): ShellCall {
  return {
    call: 'dump_schemas',
    arguments: [[NAME], `${standIn.folder}/${folder}`],
    options: { threads: 3, consistent: true, excludeTables: [`\`${NAME}\`.\`t\``] },
    optionsWhereKnown: CHECKSUM,
  }
}

function run(statements: readonly string[] = []): Promise<void> {
  return runShell(account, { call: call(), statements, script: SCRIPT }, standIn.context())
}

test('MySQL Shell is told what to do by a file: its arguments are the same whatever it does', async () => {
  await run(["DO GET_LOCK('a', -1)", 'DO 2'])
  const [started, connected, ...rest] = await standIn.record()
  expect(started?.argv).toEqual(['--no-wizard', '--py', `--file=${SCRIPT}`])
  expect(connected).toEqual({ connect: { scheme: 'mysql', ...login, 'ssl-mode': 'VERIFY_CA', 'ssl-ca': '/ca.crt' } })
  const { call: name, arguments: args, options } = call()
  expect(rest).toEqual([
    { sql: "DO GET_LOCK('a', -1)" },
    { sql: 'DO 2' },
    { call: name, arguments: args, options: { ...options, ...CHECKSUM } },
  ])
})

test('the password is in no argument and in no variable', async () => {
  await run()
  const [started] = await standIn.record()
  expect(JSON.stringify(started?.argv)).not.toContain('a\\\\s$s')
  expect(started?.environment).not.toContain(account.password)
})

test('an option that this version does not know is left out', async () => {
  process.env.STAND_IN_HELP = '      - checksums: string - something else'
  await run()
  expect((await standIn.record()).at(-1)).toMatchObject({ options: call().options })
  expect((await standIn.record()).at(-1)?.options).not.toHaveProperty('checksum')
})

test('a call that fails is a failure, with what was printed', async () => {
  process.env.STAND_IN_DO = 'fail'
  await expect(run()).rejects.toThrow(/^mysqlsh ended with exit code 1: .*told to fail/)
  expect(standIn.lines).toContain('ERROR: the stand-in was told to fail')
})

test('exit code 0 before the end of the script is a failure', async () => {
  process.env.STAND_IN_DO = 'leave'
  await expect(run()).rejects.toMatchObject({ type: 'ShellNotFinished', retryable: true })
})
