import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { mysql, type WholeLab } from '../support/lab.ts'
import { ToolsPod } from '../support/tools-pod.ts'
import { type Round, roundSchema } from './under-writes/round.ts'

const MOST_MILLISECONDS = 600_000
const SCHEMA = 'many'
const TABLES = 1000

/** A test that needs a MySQL. @param labOf the lab, once the test runs */
export function describeManyTables(labOf: () => WholeLab, namespace: string): void {
  describe(`a schema with ${TABLES} tables`, () => {
    let pod: ToolsPod

    beforeAll(async () => {
      pod = await ToolsPod.start(labOf(), namespace, 'many-tables')
      const tables = Array.from({ length: TABLES }, (_, index) => `CREATE TABLE t${index} AS SELECT ${index} AS i`)
      await mysql(labOf(), namespace, [`CREATE DATABASE ${SCHEMA}`, `USE ${SCHEMA}`, ...tables].join(';'))
    }, MOST_MILLISECONDS)

    afterAll(async () => {
      await pod?.remove()
      await mysql(labOf(), namespace, `DROP DATABASE ${SCHEMA}`)
    }, MOST_MILLISECONDS)

    test(
      'comes back whole',
      async () => {
        const rounds: Round[] = []
        await pod.runProgram('test/e2e/under-writes/dump-rounds.ts', { SCHEMA, ROUNDS: '1', THREADS: '4' }, (line) => {
          rounds.push(roundSchema.parse(JSON.parse(line)))
        })
        expect(rounds).toMatchObject([{ tables: TABLES, differences: [] }])
      },
      MOST_MILLISECONDS,
    )
  })
}
