import type { KnownBlock, SectionBlock } from '@slack/types'
import type { Notice, Paragraph } from './notice.ts'

/** What Slack takes of a text, in characters: https://docs.slack.dev/reference/block-kit/blocks */
const LONGEST = { header: 150, section: 3000, text: 4000 } as const

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }

/** The body of a request to an incoming webhook. Who knows no blocks shows `text`, which says the same. */
export interface SlackMessage {
  readonly text: string
  readonly blocks: readonly KnownBlock[]
}

/**
 * A notice as Slack wants it. What others have written into it (a log's lines, a schema's name) is escaped: it mentions nobody, links
 * nowhere and ends no block.
 */
export function slackMessage({ title, paragraphs }: Notice): SlackMessage {
  const header = { type: 'plain_text', text: within(title, LONGEST.header, plain), emoji: false } as const
  return {
    text: [title, ...paragraphs.map(({ text }) => text)].reduce((all, text) => appended(all, text), ''),
    blocks: [{ type: 'header', text: header }, ...paragraphs.map(section)],
  }
}

function appended(all: string, text: string): string {
  const before = all === '' ? '' : `${all}\n`
  const room = LONGEST.text - before.length
  return room < 1 ? all : before + within(text, room, escaped)
}

function section(paragraph: Paragraph): SectionBlock {
  return { type: 'section', text: { type: 'mrkdwn', text: markup(paragraph), verbatim: true } }
}

function markup({ kind, text }: Paragraph): string {
  switch (kind) {
    case 'prose':
      return within(text, LONGEST.section, escaped)
    case 'verbatim':
      return `\`\`\`${within(text.replaceAll('`', "'"), LONGEST.section - 6, escaped)}\`\`\``
    case 'link':
      return `<${Array.from(text.replaceAll('|', '%7C'), escaped).join('')}|Look at it in Temporal's UI>`
  }
}

/** As much of a text as there is room for when it is written so; a character is never cut in two. */
function within(text: string, room: number, write: (character: string) => string): string {
  const written = Array.from(text, write)
  if (written.join('').length <= room) return written.join('')
  let whole = ''
  for (const each of written) {
    if (whole.length + each.length > room - 1) break
    whole += each
  }
  return `${whole}…`
}

function plain(character: string): string {
  return character
}

/** https://docs.slack.dev/messaging/formatting-message-text: these three, and nothing else. */
function escaped(character: string): string {
  return ENTITIES[character] ?? character
}
