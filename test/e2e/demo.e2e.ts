import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { execa } from 'execa'
import { z } from 'zod'
import { backupIdSchema } from '../../src/domain/names.ts'
import { clearNamespace } from '../support/clear-namespace.ts'
import { DEFAULT_STEPS } from '../support/default-steps.ts'
import { kubectl, mysql, theLab, type WholeLab } from '../support/lab.ts'
import { describeBucketInPod } from './describe-bucket-in-pod.ts'

const DEMO_MILLISECONDS = 600_000
const NAMESPACE = 's3-test'
/** Where the debug pod is. */
const DEBUG_NAMESPACE = 'veloxpack'
const WORKFLOW_ID = 'demo-of-a-strangers-data'

/** Names and values that would break whatever splices them into a command, a quoted text or a file name. */
const STRANGERS_SQL = `
-- $(touch /tmp/spliced) \`touch /tmp/spliced\` '; DROP DATABASE mysql; --
CREATE TABLE customers (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  name VARCHAR(80) CHARACTER SET utf8mb4 NOT NULL,
  UNIQUE KEY by_name (name)
);
CREATE TABLE \`orders of 2026 "Löwe" 狮\` (
  id BIGINT NOT NULL PRIMARY KEY,
  customer INT UNSIGNED NOT NULL,
  note TEXT,
  picture BLOB,
  CONSTRAINT of_customer FOREIGN KEY (customer) REFERENCES customers (id)
);
INSERT INTO customers (name) VALUES ('O''Brien'), ('$HOME'), ('李 🦁');
INSERT INTO \`orders of 2026 "Löwe" 狮\` VALUES (1, 1, 'a\\nb', x'00ff27225c'), (2, 3, NULL, NULL);
CREATE VIEW buyers AS SELECT DISTINCT c.name FROM customers c JOIN \`orders of 2026 "Löwe" 狮\` o ON o.customer = c.id;
`

const backupSchema = z.looseObject({ backupId: backupIdSchema(), bucket: z.string() })

let lab: WholeLab
let folder: string
let backup: z.output<typeof backupSchema>

describe('npm run demo, by just', () => {
  beforeAll(async () => {
    lab = await theLab()
    folder = await mkdtemp(join(tmpdir(), 'holdfast-demo-'))
  })

  afterAll(async () => {
    await rm(folder, { recursive: true })
    await clearNamespace(lab, NAMESPACE)
    await clearNamespace(lab, DEBUG_NAMESPACE)
  }, DEMO_MILLISECONDS)

  test(
    "a stranger's data come back: just s3-test",
    async () => {
      const file = join(folder, "it's a $(dump).sql")
      await writeFile(file, STRANGERS_SQL)
      const document = await just(
        's3-test',
        '--output',
        'json',
        '--sql',
        file,
        '--schema',
        'my-shop',
        '--workflow-id',
        WORKFLOW_ID,
      )
      backup = backupSchema.parse(document)

      expect(document).toMatchObject({ workflowId: WORKFLOW_ID, outcome: 'proven', proven: true })
      expect(document).toMatchObject({
        steps: DEFAULT_STEPS.map((name) => ({
          name,
          seconds: expect.any(Number),
          jobName: expect.stringMatching(/^hf-/),
          attempts: 1,
        })),
        tables: [
          { name: 'customers', sourceRows: 3, restoredRows: 3, checksumEqual: true },
          { name: 'orders of 2026 "Löwe" 狮', sourceRows: 2, restoredRows: 2, checksumEqual: true },
        ],
      })
      const names = 'SELECT name FROM `my-shop_proof`.customers ORDER BY id'
      expect(await mysql(lab, NAMESPACE, names)).toEqual(["O'Brien", '$HOME', '李 🦁'])
      expect(await mysql(lab, NAMESPACE, 'SELECT COUNT(*) FROM `my-shop_proof`.buyers')).toEqual(['2'])
      expect(await scheduledActivities()).toEqual(expect.arrayContaining([...DEFAULT_STEPS]))
    },
    DEMO_MILLISECONDS,
  )

  describeBucketInPod(
    () => lab,
    DEBUG_NAMESPACE,
    () => backup,
  )

  test(
    'the latest backup comes back for use, and is left alone from then on: just s3-restore',
    async () => {
      const { backupId } = backup
      const restored = { outcome: 'proven', backupId, schemas: { 'my-shop': 'my-shop_restored' } }
      expect(await just('schema=my-shop', 's3-restore', '--output', 'json')).toMatchObject(restored)
      const count = 'SELECT COUNT(*) FROM `my-shop_restored`.customers'
      expect(await mysql(lab, NAMESPACE, count)).toEqual(['3'])
      await expect(just('schema=my-shop', 's3-restore')).rejects.toThrow('just s3-restore --overwrite')
    },
    DEMO_MILLISECONDS,
  )

  test(
    'the clean-up removes what was made: just s3-cleanup',
    async () => {
      const removed = expect.arrayContaining([`namespace/${NAMESPACE}`])
      expect(await just('s3-cleanup', '--output', 'json')).toMatchObject({ removed })
      expect(await kubectl(lab, 'get', 'namespace', NAMESPACE, DEBUG_NAMESPACE, '--ignore-not-found')).toBe('')
      expect(await just('demo', '--cleanup', '--output', 'json')).toMatchObject({ removed: [] })
    },
    DEMO_MILLISECONDS,
  )
})

/** Runs a recipe, and reads the document that it prints. */
async function just(...args: string[]): Promise<unknown> {
  const { stdout } = await execa(lab.tools.just, args, { env: { HOLDFAST_CLUSTER: 'lab' } })
  return JSON.parse(stdout)
}

const historySchema = z.object({
  events: z.array(
    z.object({
      activityTaskScheduledEventAttributes: z.object({ activityType: z.object({ name: z.string() }) }).optional(),
    }),
  ),
})

/** What `temporal workflow show` says of the pipeline. */
async function scheduledActivities(): Promise<string[]> {
  const args = ['workflow', 'show', '--address', lab.temporal.address, '--workflow-id', WORKFLOW_ID, '--output', 'json']
  const { stdout } = await execa(lab.tools.temporal, args)
  return historySchema
    .parse(JSON.parse(stdout))
    .events.flatMap(({ activityTaskScheduledEventAttributes: scheduled }) => scheduled?.activityType.name ?? [])
}
