import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Config } from '../../../src/config.ts'
import { type Happening, type Notification, notificationSchema } from '../../../src/domain/notification.ts'

/** 24 bytes, as Standard Webhooks wants at least. */
export const SECRET = `whsec_${Buffer.alloc(24, 'old').toString('base64')}`
export const NEW_SECRET = `whsec_${Buffer.alloc(32, 'new').toString('base64')}`

export const FAILED = {
  event: 'failed',
  type: 'OutOfMemory',
  why: 'Job s3-test/hf-dump-1: it needed more than 1Gi\n  <!channel> & ```',
  step: 'dump',
  undone: ['releaseStaging'],
  notUndone: [{ name: 'removeMysql', why: 'no route' }],
  kept: [],
  failuresInARow: 2,
} as const satisfies Happening

export function notification(happening: Happening = FAILED): Notification {
  return notificationSchema().parse({
    id: `0f1e2d3c-${happening.event}`,
    time: Date.parse('2026-11-28T02:00:00Z'),
    workflow: { type: 'BackupPipeline', workflowId: 'nightly shop', runId: '0f1e2d3c' },
    request: 'Backup of shop in s3-test',
    database: 's3-test/shop',
    backupId: '20261128T015900Z-1a2b3c4d',
    happening,
  })
}

/** A worker's file that says who is notified. */
export interface NotifyFile {
  readonly config: Config
  write(targets: readonly object[] | string): Promise<void>
  remove(): Promise<void>
}

export async function notifyFile(): Promise<NotifyFile> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-notify-'))
  const file = join(folder, 'notify.yaml')
  const images = { tools: 'tools', terraform: 'terraform', mysql: 'mysql' }
  return {
    config: { taskQueue: 'none', controlNamespace: 'holdfast', images, engine: 'mysqldump', notifyFile: file },
    write: async (targets) =>
      await writeFile(file, typeof targets === 'string' ? targets : JSON.stringify({ targets })),
    remove: async () => await rm(folder, { recursive: true }),
  }
}
