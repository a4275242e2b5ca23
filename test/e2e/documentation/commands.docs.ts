import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type BlockMark, markedBlocks } from '../../docs/support/block-marks.ts'
import { linesOf } from '../../docs/support/commands.ts'
import { readPages } from '../../docs/support/documentation.ts'
import { Reader } from './reader.ts'

/** Of a page, with all that its commands start. */
const MOST_MILLISECONDS = 1_200_000

type InLab = Extract<BlockMark, { where: 'lab' }>

const pages = (await readPages()).flatMap((page) => {
  const blocks = markedBlocks(page).flatMap(({ mark, typed }) => (mark.where === 'lab' ? [{ mark, typed }] : []))
  return blocks.length > 0 ? [{ file: page.file, blocks }] : []
})

let reader: Reader

describe('what the documentation has its reader type does what it says', () => {
  beforeAll(async () => {
    reader = await Reader.open()
  }, MOST_MILLISECONDS)

  afterAll(async () => {
    await reader?.close()
  }, MOST_MILLISECONDS)

  test.each(pages)(
    'in $file',
    async ({ blocks }) => {
      await reader.prepare()
      const failed: string[] = []
      for (const { mark, typed } of blocks) failed.push(...(await runBlock(mark, typed)))
      expect(failed).toEqual([])
    },
    MOST_MILLISECONDS,
  )
})

/** @returns what failed */
async function runBlock({ situation }: InLab, typed: string): Promise<string[]> {
  await reader.provide(typed)
  if (situation === undefined) {
    const failed = await reader.type(typed)
    const started = await reader.nightly.settle()
    return [...(failed === undefined ? [] : [failed]), ...started].map((why) => `${typed}\n${why}`)
  }
  const wrong: string[] = []
  for (const line of linesOf(typed)) {
    await reader.nightly.bring(situation)
    const failed = await reader.type(line)
    if (failed !== undefined) wrong.push(`${line}\n${failed}`)
  }
  await reader.nightly.end()
  return wrong
}
