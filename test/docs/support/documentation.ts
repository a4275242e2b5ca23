import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import GithubSlugger from 'github-slugger'
import { marked, type Token, type Tokens } from 'marked'

/** The clone. */
export const repository = fileURLToPath(new URL('../../..', import.meta.url))

/** A page of the documentation. */
export interface Page {
  /** From the root of the clone. */
  readonly file: string
  /** Where its links lead and its pictures are, as they are written. */
  readonly links: readonly string[]
  /** Its headings, as GitHub names them in addresses. */
  readonly anchors: ReadonlySet<string>
  readonly blocks: readonly CodeBlock[]
  /** What stands in backticks within a sentence. */
  readonly inlineCode: readonly string[]
}

export interface CodeBlock {
  /** What stands behind the backticks that open it: `sh run`, or nothing. */
  readonly language: string
  readonly text: string
}

/** Every page of the clone, also those that are not committed yet. */
export async function readPages(): Promise<Page[]> {
  const args = ['ls-files', '--cached', '--others', '--exclude-standard', '*.md']
  const { stdout } = await execa('git', args, { cwd: repository, lines: true })
  return await Promise.all(stdout.map(readPage))
}

async function readPage(file: string): Promise<Page> {
  const tokens = marked.lexer(await readFile(join(repository, file), 'utf8'))
  const all: Token[] = []
  void marked.walkTokens(tokens, (token) => {
    all.push(token)
  })
  const slugger = new GithubSlugger()
  return {
    file,
    links: [...ofType<Tokens.Link>(all, 'link'), ...ofType<Tokens.Image>(all, 'image')].map(({ href }) => href),
    anchors: new Set(ofType<Tokens.Heading>(all, 'heading').map((heading) => slugger.slug(plainText(heading.tokens)))),
    blocks: ofType<Tokens.Code>(all, 'code').map(({ lang, text }) => ({ language: lang ?? '', text })),
    inlineCode: ofType<Tokens.Codespan>(all, 'codespan').map(({ text }) => text),
  }
}

function ofType<Kind extends Tokens.Generic>(tokens: readonly Token[], type: Kind['type']): Kind[] {
  return tokens.filter((token): token is Kind => token.type === type)
}

function plainText(tokens: readonly Token[]): string {
  return tokens
    .map((token) => ('tokens' in token && token.tokens ? plainText(token.tokens) : 'text' in token ? token.text : ''))
    .join('')
}
