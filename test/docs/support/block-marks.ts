import type { CodeBlock, Page } from './documentation.ts'

/**
 * Where a block of commands is run. Its mark stands behind the language of the block, where no reader of the page sees it:
 *
 * - `sh run`: by `npm test`. It changes nothing, and is over soon.
 * - `sh lab`, `console lab`: by `npm run test:docs`. Of a console, what stands behind `$ ` is typed.
 * - `sh lab while nightly runs`, `sh lab while nightly asks`: line by line, each while the pipeline of this name does so.
 * - `sh elsewhere <reason>`: not as it stands; {@link REASONS} says why.
 */
export type BlockMark =
  | { readonly where: 'test' }
  | { readonly where: 'lab'; readonly situation: Situation | undefined }
  | { readonly where: 'elsewhere'; readonly reason: Reason }

/** What the pipeline `nightly` does while a line is run. */
export const SITUATIONS = ['runs', 'asks'] as const
export type Situation = (typeof SITUATIONS)[number]

/** Why the lab does not run a block. */
export const REASONS = {
  aws: 'it needs an account at AWS, or a cluster of EKS',
  docker: 'it needs Docker',
  cloud: 'it needs an account at Temporal Cloud',
  yours: 'it needs a server, a file or a program that only its reader has',
  mysqlsh: 'it needs MySQL Shell, which no registry has for the lab',
  bench: 'it measures',
  another: 'another test does the same',
} as const
export type Reason = keyof typeof REASONS

/** Programs whose commands are shown. */
const PROGRAMS = 'aws docker holdfast just kubectl mysqlsh npm npx temporal terraform'.split(' ')

const isCommand = new RegExp(`^(\\$ )?(${PROGRAMS.join('|')}) \\S`, 'm')

/** Whether it shows commands. */
export function showsCommands({ text }: CodeBlock): boolean {
  return isCommand.test(text)
}

/** Undefined where it has none, or one that is not known. */
export function markOf({ language }: CodeBlock): BlockMark | undefined {
  const [shell, where, ...rest] = language.split(' ')
  if (shell !== 'sh' && shell !== 'console') return undefined
  if (where === 'run' && rest.length === 0) return { where: 'test' }
  if (where === 'lab') {
    if (rest.length === 0) return { where, situation: undefined }
    const situation = SITUATIONS.find((known) => rest.join(' ') === `while nightly ${known}`)
    return situation && { where, situation }
  }
  const reason = rest.length === 1 ? rest[0] : undefined
  return where === 'elsewhere' && isReason(reason) ? { where, reason } : undefined
}

/** What is typed of a block. */
export function typedIn({ language, text }: CodeBlock): string {
  if (!language.startsWith('console')) return text
  return text
    .split('\n')
    .filter((line) => line.startsWith('$ '))
    .map((line) => line.slice('$ '.length))
    .join('\n')
}

/** The blocks of a page with their marks, those without left out. */
export function markedBlocks({ blocks }: Page): { readonly mark: BlockMark; readonly typed: string }[] {
  return blocks.flatMap((block) => {
    const mark = markOf(block)
    return mark ? [{ mark, typed: typedIn(block) }] : []
  })
}

function isReason(word: string | undefined): word is Reason {
  return word !== undefined && Object.hasOwn(REASONS, word)
}
