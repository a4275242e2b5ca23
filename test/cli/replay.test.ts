import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { execa } from 'execa'

const RECORDED = 'test/replay/proven.json'
/** The workflows are bundled first. */
const REPLAY_MILLISECONDS = 120_000

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-replay-'))
})

afterAll(async () => {
  await rm(folder, { recursive: true })
})

async function replay(...words: string[]) {
  // A Temporal where none is: a file is replayed without one.
  const env = { TEMPORAL_ADDRESS: '127.0.0.1:1' }
  return await execa(process.execPath, ['src/cli/main.ts', 'replay', ...words], { reject: false, env })
}

test(
  'a recorded history is what the code of today does',
  async () => {
    const { exitCode, stdout, stderr } = await replay(RECORDED)
    expect(stderr).toBe('')
    expect(stdout).toMatch(/does what all 59 events of this BackupPipeline say/)
    expect(exitCode).toBe(0)
  },
  REPLAY_MILLISECONDS,
)

test(
  'of one that was changed it says where it differs first, and how',
  async () => {
    const changed = join(folder, 'changed.json')
    await writeFile(changed, (await readFile(RECORDED, 'utf8')).replace('"name": "dump"', '"name": "upload"'))
    const { exitCode, stdout } = await replay(changed, '--output', 'json')
    expect(JSON.parse(stdout)).toEqual({
      workflowType: 'BackupPipeline',
      events: 59,
      same: false,
      difference: {
        why: "Activity type of scheduled event 'upload' does not match activity type of activity command 'dump'",
        events: ['23 ActivityTaskScheduled upload', '24 ActivityTaskStarted', '25 ActivityTaskCompleted'],
      },
    })
    expect(exitCode).toBe(1)
  },
  REPLAY_MILLISECONDS,
)

describe('is bad input:', () => {
  test.each([
    ['a file that is not there', 'nowhere.json', /nowhere\.json: there is no such file/],
    ['a file that holds no history', 'package.json', /package\.json: is no history/],
  ])('%s', async (_, file, said) => {
    const { exitCode, stderr } = await replay(file)
    expect(stderr).toMatch(said)
    expect(exitCode).toBe(2)
  })
})
