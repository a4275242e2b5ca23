import { parse } from 'shell-quote'
import type { Page } from './documentation.ts'

/** A command that the documentation shows. */
export interface ShownCommand {
  readonly file: string
  /** As it stands there. */
  readonly line: string
  /** As a shell splits it. What a shell would do with its output is left out. */
  readonly words: readonly string[]
  /** Whether it stands in a block of its own, to be typed; in a sentence, it may be no more than a name. */
  readonly isWhole: boolean
}

/** What the documentation writes for something that each reader knows. */
const PLACEHOLDERS: Readonly<Record<string, string>> = {
  'backup id': '20260131T235959Z-1a2b3c4d',
  bucket: 'test-123456789012',
  'workflow id': 'nightly',
}

/** All lines of a page's code that begin with one of these programs. */
export function shownCommands(page: Page, programs: readonly string[]): ShownCommand[] {
  const lines = [
    ...page.blocks.flatMap(({ text }) => linesOf(text).map((line) => ({ line, isWhole: true }))),
    ...page.inlineCode.map((line) => ({ line, isWhole: false })),
  ]
  return lines
    .map(({ line, isWhole }) => ({ file: page.file, line, words: wordsOf(line), isWhole }))
    .filter(({ words }) => words.length > 1 && programs.includes(words[0] ?? ''))
}

/** The lines of a block; those that end in a backslash together with the one after them. */
export function linesOf(text: string): string[] {
  return text
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
}

function wordsOf(line: string): string[] {
  const filled = line.replaceAll(/<([a-z ]+)>/g, (whole, name: string) => PLACEHOLDERS[name] ?? whole)
  const words: string[] = []
  for (const part of parse(filled, (name) => `$${name}`)) {
    // A pipe, a redirection, a comment: what comes then is not the command's.
    if (typeof part !== 'string' && !('pattern' in part)) break
    words.push(typeof part === 'string' ? part : part.pattern)
  }
  return words
}
