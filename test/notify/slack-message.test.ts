import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { noticeOf } from '../../src/notify/notice.ts'
import { slackMessage } from '../../src/notify/slack-message.ts'
import { FAILED, notification } from './support/notifications.ts'

const LINK = 'https://temporal.example.com/namespaces/default/workflows/nightly%20shop/0f1e2d3c'

function messageOf(happening: Parameters<typeof notification>[0]) {
  return slackMessage(noticeOf(notification(happening), { explain: true, link: LINK }))
}

test('a failure, as people read it', () => {
  expect(messageOf(FAILED).text).toBe(
    [
      'Backup failed: s3-test/shop',
      'The step dump failed: OutOfMemory. 2 failures in a row.',
      'Job s3-test/hf-dump-1: it needed more than 1Gi',
      '  &lt;!channel&gt; &amp; ```',
      'Taken back: releaseStaging.',
      'Not taken back: removeMysql (no route).',
      'What to do: docs/runbook.md has OutOfMemory.',
      'Workflow nightly shop. Backup of shop in s3-test',
      LINK,
    ].join('\n'),
  )
})

test('words of a program are in a block of their own, which they cannot end', () => {
  const { blocks } = messageOf(FAILED)
  expect(blocks[2]).toEqual({
    type: 'section',
    text: {
      type: 'mrkdwn',
      verbatim: true,
      text: "```Job s3-test/hf-dump-1: it needed more than 1Gi\n  &lt;!channel&gt; &amp; '''```",
    },
  })
})

test('the link leads to the page of the workflow', () => {
  const link = { type: 'mrkdwn', verbatim: true, text: `<${LINK}|Look at it in Temporal's UI>` }
  expect(messageOf(FAILED).blocks.at(-1)).toEqual({ type: 'section', text: link })
})

test('a question says how it is answered, and until when', () => {
  const { text } = messageOf({
    event: 'asked',
    step: 'dump',
    why: 'no memory',
    answerBy: Date.parse('2026-11-29T02:00:00Z'),
  })
  expect(text).toContain('Backup asks what to do: s3-test/shop')
  expect(text).toContain('Until 2026-11-29T02:00:00Z it waits')
  expect(text).toContain("npx holdfast backup decide 'nightly shop' retry")
})

test('a proof says what it proves', () => {
  const steps = [{ name: 'dump', seconds: 3.14, jobName: 'hf-dump-1', attempts: 1 }] as const
  const { text } = messageOf({ event: 'proven', bytes: 35_783_548, tables: 4, objects: 0, seconds: 48.8, steps })
  expect(text).toContain('35.8 MB: 4 tables and 0 other objects came back equal, in 48.8 s.')
  expect(text).toContain('dump 3.1 s')
})

test('whatever a failure says, Slack takes it: nothing is too long, and nothing is markup', () => {
  const character = fc.constantFrom('&', '<', '>', '`', '\n', 'a', '𝒜', '…')
  const words = fc.string({ unit: character, minLength: 1, maxLength: 5000 })
  fc.assert(
    fc.property(words, words, (why, database) => {
      const told = { ...notification({ ...FAILED, why }), database }
      const { text, blocks } = slackMessage(noticeOf(told, { explain: true, link: undefined }))
      const sections = blocks.flatMap((block) => (block.type === 'section' && block.text ? [block.text.text] : []))
      expect(blocks[0]).toMatchObject({ type: 'header' })
      expect(JSON.stringify(blocks[0]).length).toBeLessThan(1000)
      expect(text.length).toBeLessThanOrEqual(4000)
      for (const each of [text, ...sections]) {
        expect(each.length).toBeLessThanOrEqual(4000)
        expect(each.replaceAll(/&(amp|lt|gt);/g, '')).not.toMatch(/[<>&]/)
        expect(each.isWellFormed()).toBe(true)
      }
      for (const each of sections) {
        expect(each.length).toBeLessThanOrEqual(3000)
        expect(each.split('```')).toHaveLength(each.startsWith('```') ? 3 : 1)
      }
    }),
  )
})
