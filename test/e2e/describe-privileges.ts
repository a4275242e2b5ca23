import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { z } from 'zod'
import { fingerprintSchema } from '../../images/tools/fingerprint/fingerprint.ts'
import {
  dumpPrivileges,
  grantStatements,
  type NeededPrivileges,
} from '../../images/tools/privileges/needed-privileges.ts'
import { dumpAnswerSchema, stepFailureSchema } from '../../src/domain/step-answers.ts'
import { mysql, type WholeLab } from '../support/lab.ts'
import { ToolsPod } from '../support/tools-pod.ts'

const MOST_MILLISECONDS = 300_000
const SCHEMA = 'seen_by_few'
const USER = 'dump_poor'
const ROLE = 'dump_role'
const BACKUP_ID = '20260131T235959Z-1a2b3c4d'
const FOLDER = `/tmp/dump/${BACKUP_ID}`
const PASSWORD_FILE = '/tmp/password'

/** One of everything that MySQL hides from whoever may not see it. */
const OBJECTS = [
  `CREATE DATABASE ${SCHEMA}`,
  `USE ${SCHEMA}`,
  'CREATE TABLE t (i INT PRIMARY KEY)',
  'CREATE VIEW v AS SELECT i FROM t',
  'CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW SET NEW.i = NEW.i + 1',
  'CREATE FUNCTION f() RETURNS INT DETERMINISTIC RETURN 1',
  'CREATE PROCEDURE p() SELECT 1',
  'CREATE EVENT e ON SCHEDULE EVERY 1 DAY DISABLE DO DO 1',
]
const NEEDED = dumpPrivileges({ schemas: [SCHEMA], hasBinaryLog: true })

const outcomeSchema = z.union([dumpAnswerSchema(), stepFailureSchema()])
type Outcome = z.infer<typeof outcomeSchema>

/** Tests of accounts of MySQL that may not see everything. @param labOf the lab, once the tests run */
export function describePrivileges(labOf: () => WholeLab, namespace: string): void {
  const password = randomBytes(12).toString('hex')
  let pod: ToolsPod

  describe('a dump by an account of MySQL that does not see everything', () => {
    beforeAll(async () => {
      pod = await ToolsPod.start(labOf(), namespace, 'dump-privileges')
      await pod.run(['sh', '-c', 'printf %s "$1" > "$2"', 'sh', password, PASSWORD_FILE])
      await run([`DROP DATABASE IF EXISTS ${SCHEMA}`, ...OBJECTS])
    }, MOST_MILLISECONDS)

    afterAll(async () => {
      await pod?.remove()
      await run([`DROP DATABASE IF EXISTS ${SCHEMA}`, `DROP USER IF EXISTS ${USER}`, `DROP ROLE IF EXISTS ${ROLE}`])
    }, MOST_MILLISECONDS)

    test.each([
      ['SHOW_ROUTINE', '*.*'],
      ...['SELECT', 'SHOW VIEW', 'TRIGGER', 'EVENT'].map((privilege) => [privilege, `\`${SCHEMA}\`.*`]),
    ])(
      'is refused without %s, and nothing is dumped',
      async (privilege, where) => {
        await haveUserWith(grantsOf(without(privilege)))
        const message = expect.stringContaining(`'${USER}'@'%' lacks ${privilege} on ${where}.`)
        expect(await dump()).toMatchObject({ failure: { type: 'PrivilegesMissing', message, retryable: false } })
        expect(await pod.run(['sh', '-c', `ls -A /tmp/dump 2>/dev/null | wc -l`])).toBe('0')
      },
      MOST_MILLISECONDS,
    )

    test(
      'is refused where a line of GRANT for the schema keeps those of a pattern from counting',
      async () => {
        const pattern = { schema: 'seen%', privileges: [['TRIGGER']] } as const
        await haveUserWith([...grantsOf(without('TRIGGER')), ...grantStatements([pattern], USER, false)])
        expect(await dump()).toMatchObject({
          failure: { type: 'PrivilegesMissing', message: expect.stringContaining('lacks TRIGGER') },
        })
      },
      MOST_MILLISECONDS,
    )

    test(
      'has everything when it was given what the refusal says',
      async () => {
        await haveUserWith(grantsOf(without('EVENT')))
        await mend(await dump())
        expect(await dump()).toMatchObject({ tables: 1 })
        expect(await dumpedObjects()).toEqual(['event', 'function', 'procedure', 'trigger', 'view'])
      },
      MOST_MILLISECONDS,
    )

    test(
      'is refused where its role is not active, and has everything when it is',
      async () => {
        await haveUserWith([`CREATE ROLE ${ROLE}`, ...grantStatements(NEEDED, ROLE, true), `GRANT ${ROLE} TO ${USER}`])
        const refused = await dump()
        expect(refused).toMatchObject({
          failure: { message: expect.stringMatching(/: SET DEFAULT ROLE ALL TO 'dump_poor'@'%';$/) },
        })
        await mend(refused)
        expect(await dump()).toMatchObject({ tables: 1 })
        expect(await dumpedObjects()).toEqual(['event', 'function', 'procedure', 'trigger', 'view'])
      },
      MOST_MILLISECONDS,
    )
  })

  async function run(statements: readonly string[]): Promise<void> {
    await mysql(labOf(), namespace, statements.map((statement) => statement.replace(/;$/, '')).join('; '))
  }

  async function haveUserWith(grants: readonly string[]): Promise<void> {
    const drop = [`DROP USER IF EXISTS ${USER}`, `DROP ROLE IF EXISTS ${ROLE}`]
    await run([...drop, `CREATE USER ${USER} IDENTIFIED BY '${password}'`, ...grants])
  }

  /** Runs the program of the step, and reads what it leaves for Kubernetes. */
  async function dump(): Promise<Outcome> {
    await pod.run(['rm', '-rf', '/tmp/dump'])
    const lines: string[] = []
    const settings = { SCHEMAS: JSON.stringify([SCHEMA]), BACKUP_ID, BACKUP_DIRECTORY: '/tmp/dump' }
    const account = { MYSQL_USER: USER, MYSQL_PASSWORD_FILE: PASSWORD_FILE }
    const environment = { ...settings, ...account, TERMINATION_MESSAGE_PATH: '/tmp/message' }
    // It ends with exit code 1 where it fails. Its last line is what it leaves for Kubernetes.
    await pod.runProgram('images/tools/steps/dump.ts', environment, (line) => lines.push(line)).catch(() => undefined)
    return outcomeSchema.parse(JSON.parse(lines.at(-1) ?? ''))
  }

  /** Does, as MySQL's administrator, what a failure says is to be done. */
  async function mend(outcome: Outcome): Promise<void> {
    if (!('failure' in outcome)) throw new Error('The dump was not refused.')
    const [, statements] = / As MySQL's administrator: (.*)$/.exec(outcome.failure.message) ?? []
    await run([statements ?? 'no statement'])
  }

  /** The kinds of objects that the dump's fingerprint has. */
  async function dumpedObjects(): Promise<string[]> {
    const fingerprint = fingerprintSchema.parse(JSON.parse(await pod.run(['cat', `${FOLDER}/fingerprint.json`])))
    return (fingerprint.schemas[SCHEMA]?.objects ?? []).map(({ kind }) => kind).toSorted()
  }
}

function without(privilege: string): NeededPrivileges[] {
  return NEEDED.map(({ privileges, ...of }) => ({
    ...of,
    privileges: privileges.filter(([each]) => each !== privilege),
  }))
}

function grantsOf(privileges: readonly NeededPrivileges[]): string[] {
  return grantStatements(privileges, USER, true)
}
