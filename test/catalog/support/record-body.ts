import type { BackupRecordBody } from '../../../src/domain/backup-record.ts'
import { backupIdSchema } from '../../../src/domain/names.ts'

/** A record of a backup with one schema, that was never made. */
export const recordBody: BackupRecordBody = {
  version: 1,
  backupId: backupIdSchema().parse('20260131T235959Z-1a2b3c4d'),
  startedAt: '2026-01-31T23:59:59.000Z',
  pipeline: { workflowId: 'nightly', runId: '1a2b3c4d-0000-0000-0000-000000000000' },
  request: { namespace: 'shop', schemas: ['shop'] },
  steps: [{ name: 'dump', seconds: 2.5, jobName: 'hf-dump-1', attempts: 1 }],
  engine: { name: 'mysqldump', version: 'mysqldump  Ver 9.7.0' },
  server: {
    version: '9.7.4',
    settings: { sql_mode: '' },
    gtidExecuted: '',
    binaryLog: { file: 'binlog.1', position: 4 },
  },
  lockedMilliseconds: 12.5,
  withoutSnapshots: { tables: [], lockedMilliseconds: 0 },
  schemas: { shop: { characterSet: 'utf8mb4', collation: 'utf8mb4_0900_ai_ci', tables: 1, rows: 2 } },
  objects: [{ name: 'manifest.json', bytes: 7, sha256: '0'.repeat(64) }],
}
