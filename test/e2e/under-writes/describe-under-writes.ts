import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { mysql, type WholeLab } from '../../support/lab.ts'
import { ToolsPod } from '../../support/tools-pod.ts'
import { type Round, roundSchema } from './round.ts'

const MOST_MILLISECONDS = 600_000
const SCHEMA = 'under_writes'
const TABLES = 4
const ROWS = 2500
/** Threads of each sysbench. */
const WRITERS = 2
/** `npm run test:writes` has 50. */
const ROUNDS = Number(process.env.HOLDFAST_ROUNDS ?? 2)

/** Tests that need a MySQL. @param labOf the lab, once the tests run */
export function describeUnderWrites(labOf: () => WholeLab, namespace: string): void {
  describe('a schema under writes', () => {
    let pod: ToolsPod

    beforeAll(async () => {
      pod = await ToolsPod.start(labOf(), namespace, 'under-writes')
      await mysql(labOf(), namespace, `CREATE DATABASE ${SCHEMA}`)
      await pod.run(sysbench('oltp_read_write', [`--tables=${TABLES}`], 'prepare'))
      await mysql(labOf(), namespace, `ALTER TABLE ${SCHEMA}.sbtest${TABLES} ENGINE = MyISAM`)
    }, MOST_MILLISECONDS)

    afterAll(async () => await pod?.remove(), MOST_MILLISECONDS)

    test(
      `${ROUNDS} dumps are each one snapshot: what is restored equals the fingerprint, and the source has gone on`,
      async () => {
        // Both write as fast as they can, until the pod is removed. With GTIDs, what is not transactional can be written outside of
        // transactions only.
        await pod.startCommand(sysbench('oltp_read_write', [`--tables=${TABLES - 1}`], 'run'), STARTED)
        await pod.startCommand(sysbench('oltp_update_index', [`--tables=${TABLES}`, '--skip-trx=on'], 'run'), STARTED)
        const rounds: Round[] = []
        const environment = { SCHEMA, ROUNDS: String(ROUNDS), THREADS: String(2 * TABLES) }
        await pod.runProgram('test/e2e/under-writes/dump-rounds.ts', environment, (line) => {
          rounds.push(roundSchema.parse(JSON.parse(line)))
        })
        process.stdout.write(`${heldLocks(rounds)}\n`)
        expect(rounds.map(({ differences }) => differences)).toEqual(Array.from({ length: ROUNDS }, () => []))
        // Each table in ranges.
        expect(rounds.filter(({ files }) => files < 2 * TABLES)).toEqual([])
        expect(rounds.filter(({ tablesWrittenSince }) => tablesWrittenSince === 0)).toEqual([])
      },
      MOST_MILLISECONDS,
    )
  })
}

function sysbench(script: string, load: readonly string[], command: 'prepare' | 'run'): string[] {
  const options = [...load, `--table-size=${ROWS}`, `--threads=${WRITERS}`, '--time=0']
  return ['sh', '-c', SYSBENCH, 'sysbench', script, ...options, command]
}

const STARTED = 'Threads started!'
const SYSBENCH = `exec sysbench --db-driver=mysql --mysql-host="$MYSQL_HOST" --mysql-user="$MYSQL_USER" --mysql-password="$(cat /run/secrets/mysql/password)" --mysql-db=${SCHEMA} "$@"`

function heldLocks(rounds: readonly Round[]): string {
  const sorted = rounds.map(({ lockedMilliseconds }) => lockedMilliseconds).sort((one, other) => one - other)
  return `Writes stood still for ${sorted.at(sorted.length / 2)} ms in the median, ${sorted.at(-1)} ms at most.`
}
