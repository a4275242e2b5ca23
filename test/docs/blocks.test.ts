import { expect, test } from '@jest/globals'
import { markOf, showsCommands } from './support/block-marks.ts'
import { readPages } from './support/documentation.ts'

test('each block of commands in the documentation says where it is run', async () => {
  const pages = await readPages()
  const blocks = pages.flatMap(({ file, blocks }) => blocks.map((block) => ({ file, block })))
  const without = blocks.filter(({ block }) => showsCommands(block) && !markOf(block))
  expect(without.map(({ file, block }) => `${file}:\n\`\`\`${block.language}\n${block.text}`)).toEqual([])
  expect(blocks.filter(({ block }) => markOf(block)?.where === 'lab').length).toBeGreaterThan(20)
})

test('a mark says nothing but what is known', () => {
  const block = (language: string) => ({ language, text: 'npx holdfast doctor' })
  expect(markOf(block('sh lab while nightly asks'))).toEqual({ where: 'lab', situation: 'asks' })
  for (const wrong of ['', 'sh', 'sh lab while nightly sleeps', 'sh elsewhere', 'sh elsewhere toString'])
    expect(markOf(block(wrong))).toBeUndefined()
})
