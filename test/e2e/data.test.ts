import { GetObjectCommand } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { Decrypter } from 'age-encryption'
import { z } from 'zod'
import { type Comparison, compareFingerprints } from '../../images/tools/fingerprint/compare-fingerprints.ts'
import { type Fingerprint, fingerprintSchema } from '../../images/tools/fingerprint/fingerprint.ts'
import { fingerprintSchemas } from '../../images/tools/fingerprint/fingerprint-schemas.ts'
import { confinedDefiner } from '../../images/tools/mysql/confined-user.ts'
import { type Connection, connect, query, quoteName } from '../../images/tools/mysql/connection.ts'
import { baseTablesOf } from '../../images/tools/mysql/schema-contents.ts'
import type { MysqlAccount } from '../../images/tools/mysql/settings.ts'
import { addIndexes, dropIndexes } from '../../images/tools/restore/defer-indexes.ts'
import { clearNamespace } from '../support/clear-namespace.ts'
import { administratorS3, theLab, type WholeLab } from '../support/lab.ts'
import { mysqlAccount } from '../support/mysql-account.ts'
import { openWorld, type WorkflowWorld } from '../support/run-workflow.ts'
import { backUpOddObjects, type ProvenPipeline } from './back-up-odd-objects.ts'
import { damages } from './damages.ts'
import { describePrivileges } from './describe-privileges.ts'
import { describeTls } from './describe-tls.ts'
import { putAgeKeys } from './encryption/age-keys.ts'
import { describeEncryption } from './encryption/describe-encryption.ts'
import { describeUnderWrites } from './under-writes/describe-under-writes.ts'

const DEMO_MILLISECONDS = 600_000
const NAMESPACE = 's3-data'
const SCHEMA = `it's a "shop" 狮 $(x) \`b\``
const RESTORED = `${SCHEMA}_restored`
const THREADS = 2
const ENCRYPTED = { encryption: 'age', accounts: 'include', staging: 'pod' } as const
/** Objects that name the schema that they are in. */
const OWN_NAME_SQL = `
CREATE VIEW own_name AS SELECT ${quoteName(SCHEMA)}.twice(${quoteName(SCHEMA)}.\`-dash\`.id) AS d FROM ${quoteName(SCHEMA)}.\`-dash\`;
CREATE PROCEDURE own_name() SELECT COUNT(*) FROM ${quoteName(SCHEMA)}.log;
`

let lab: WholeLab
let account: MysqlAccount
let connection: Connection
let source: Fingerprint
let identity: string
let backup: ProvenPipeline
let world: WorkflowWorld
let close: () => Promise<void>

describe('the data of a backup', () => {
  beforeAll(async () => {
    lab = await theLab()
    ;({ world, close } = await openWorld(lab))
    await clearNamespace(lab, NAMESPACE)
    const beforehand = async () => {
      identity = await putAgeKeys(lab, NAMESPACE)
    }
    backup = await backUpOddObjects(world, NAMESPACE, SCHEMA, { changes: ENCRYPTED, more: OWN_NAME_SQL, beforehand })
    const { bucket, backupId } = backup.result
    source = await fingerprintOf(bucket, `backup2/${backupId}/fingerprint.json.age`)
    account = await mysqlAccount(lab, NAMESPACE)
    connection = await connect(account, RESTORED)
    // As the file was loaded, or what is made anew would differ from what it was.
    await connection.query('SET NAMES utf8mb4 COLLATE utf8mb4_0900_ai_ci')
    await connection.query('SET sql_mode = @@GLOBAL.sql_mode')
  }, DEMO_MILLISECONDS)

  afterAll(async () => {
    connection?.destroy()
    await close()
    await clearNamespace(lab, NAMESPACE)
  }, DEMO_MILLISECONDS)

  // Compared after a real restore: each damage to what was restored must be found, and nothing else.
  describe('a schema with every kind of object', () => {
    test('comes back whole', async () => {
      const { differences, objectCount, tables } = await compareWithRestored()
      expect(differences).toEqual([])
      expect(tables.map(({ name }) => name)).toEqual([
        '-dash',
        'Children of 2026 "Löwe" `',
        '__proto__',
        'all_pages',
        'archived',
        'constructor',
        'counters',
        'empty_one',
        'indexed',
        'large',
        'large_text',
        'log',
        'measured',
        'old_pages',
        'parents',
        'sessions',
        'texts',
        'wide',
        'zero_dates',
      ])
      // 3 views, 3 routines, 3 triggers, 2 events.
      expect(objectCount).toBe(11)
    })

    test('can be used where it came back, though it names the schema that it came from', async () => {
      expect(await query(connection, z.object({ d: z.number() }), 'SELECT d FROM own_name ORDER BY d')).toEqual([
        { d: -2 },
        { d: 0 },
      ])
      // What would reach for the source is kept from it.
      await expect(connection.query('CALL own_name()')).rejects.toMatchObject({ code: 'ER_TABLEACCESS_DENIED_ERROR' })
    })

    test('has the same indexes when they were dropped for the rows to come in, and made again', async () => {
      const tables = await baseTablesOf(connection, RESTORED)
      const dropped = await dropIndexes(connection, RESTORED, tables)
      const { differences } = await compareWithRestored()
      expect(differences.map(({ name }) => name)).toEqual(['indexed'])
      expect(dropped.map(({ table, definitions }) => [table, definitions.length])).toEqual([['indexed', 3]])
      for (const indexes of dropped) await addIndexes(connection, RESTORED, indexes)
      expect((await compareWithRestored()).differences).toEqual([])
    })

    test.each(damages(RESTORED, confinedDefiner(RESTORED)))('$name is found', async ({ sql, repair, difference }) => {
      for (const statement of sql) await connection.query(statement)
      const { differences } = await compareWithRestored()
      for (const statement of repair) await connection.query(statement)
      expect(differences).toContainEqual(expect.objectContaining(difference))
      expect((await compareWithRestored()).differences).toEqual([])
    })
  })

  describePrivileges(() => lab, NAMESPACE)
  describeTls(() => lab, NAMESPACE)
  describeEncryption(() => ({ lab, namespace: NAMESPACE, backup, identity }), ENCRYPTED)
  describeUnderWrites(() => lab, NAMESPACE)
})

async function compareWithRestored(): Promise<Comparison> {
  const restored = await fingerprintSchemas(account, [RESTORED], THREADS)
  return compareFingerprints(source, restored, { [SCHEMA]: RESTORED }, confinedDefiner)
}

async function fingerprintOf(bucket: string, key: string): Promise<Fingerprint> {
  const s3 = await administratorS3(lab)
  try {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }))
    const decrypter = new Decrypter()
    decrypter.addIdentity(identity)
    const encrypted = (await Body?.transformToByteArray()) ?? new Uint8Array()
    return fingerprintSchema.parse(JSON.parse(await decrypter.decrypt(encrypted, 'text')))
  } finally {
    s3.destroy()
  }
}
