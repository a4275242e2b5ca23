import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { connect } from '../../../images/tools/mysql/connection.ts'
import type { MysqlAccount } from '../../../images/tools/mysql/settings.ts'
import { PROGRAMS, SCRIPT, StandIn } from '../../images/tools/mysqlsh/stand-in/stand-in.ts'
import type { WholeLab } from '../../support/lab.ts'
import { mysqlAccount } from '../../support/mysql-account.ts'
import { type ShellRound, shellRound, standInProgram } from './shell-round.ts'

const MOST_MILLISECONDS = 300_000
const SCHEMA = 'shell snapshot'
const LOADED = 'shell snapshot loaded'
const TABLES = ['orders', 'items', 'old']
const ROWS = 500
const ROUNDS = 5

/** Tests that need a MySQL. @param labOf the lab, once the tests run */
export function describeShellSnapshot(labOf: () => WholeLab, namespace: string): void {
  describe('a stand-in that locks and dumps as MySQL Shell does', () => {
    let account: MysqlAccount
    let standIn: StandIn

    beforeAll(async () => {
      account = await mysqlAccount(labOf(), namespace)
      await makeTables(account)
      standIn = await StandIn.start()
      process.env.STAND_IN_TABLES = JSON.stringify({ [SCHEMA]: TABLES })
      process.env.STAND_IN_SQL = standInProgram(PROGRAMS)
    }, MOST_MILLISECONDS)

    afterAll(async () => {
      await standIn?.stop()
      await drop(account)
    }, MOST_MILLISECONDS)

    test(
      `${ROUNDS} dumps under writes are each of the moment of the fingerprint, and are loaded so by an account that reaches no other schema`,
      async () => {
        const rounds: ShellRound[] = []
        const writers = new Writers(account)
        try {
          for (let round = 0; round < ROUNDS; round += 1) {
            const folder = join(standIn.folder, 'dump')
            rounds.push(await shellRound(account, [SCHEMA, LOADED], folder, SCRIPT, standIn.context()))
          }
        } finally {
          await writers.stop()
        }
        const all = rounds.flatMap(({ checksums }) => checksums)
        expect(all.filter(({ snapshot, loaded }) => snapshot !== loaded)).toEqual([])
        // Of each table something else was there right afterwards, in some round: without that, nothing is proven.
        const moved = TABLES.filter((_, index) => rounds.some(({ checksums }) => isMoved(checksums[index])))
        expect(moved).toEqual(TABLES)
      },
      MOST_MILLISECONDS,
    )
  })
}

function isMoved(table: ShellRound['checksums'][number] | undefined): boolean {
  return table !== undefined && table.later !== table.snapshot
}

/** Change each table by single rows, as fast as they can, until they are stopped. */
class Writers {
  #isStopping = false
  readonly #work: Promise<unknown>

  constructor(account: MysqlAccount) {
    this.#work = Promise.all(TABLES.map((table) => this.#write(account, table)))
    this.#work.catch(() => undefined)
  }

  async stop(): Promise<void> {
    this.#isStopping = true
    await this.#work
  }

  async #write(account: MysqlAccount, table: string): Promise<void> {
    const connection = await connect(account, SCHEMA)
    for (let turn = 0; !this.#isStopping; turn += 1) {
      await connection.query(`UPDATE ${table} SET value = value + 1 WHERE id = ?`, [1 + (turn % ROWS)])
      await connection.query(`INSERT INTO ${table} (value) VALUES (?)`, [turn])
    }
    await connection.end()
  }
}

async function makeTables(account: MysqlAccount): Promise<void> {
  await drop(account)
  const connection = await connect(account)
  await connection.query(`CREATE DATABASE \`${SCHEMA}\``)
  for (const table of TABLES) {
    const engine = table === 'old' ? 'MyISAM' : 'InnoDB'
    const name = `\`${SCHEMA}\`.${table}`
    await connection.query(`CREATE TABLE ${name} (id INT PRIMARY KEY AUTO_INCREMENT, value INT) ENGINE = ${engine}`)
    await connection.query(`INSERT INTO ${name} (value) VALUES ${Array(ROWS).fill('(0)').join()}`)
  }
  await connection.end()
}

async function drop(account: MysqlAccount): Promise<void> {
  const connection = await connect(account)
  for (const schema of [SCHEMA, LOADED]) await connection.query(`DROP DATABASE IF EXISTS \`${schema}\``)
  await connection.end()
}
