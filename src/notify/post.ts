import type { Message } from './message.ts'

/** What a server has answered. */
export interface Answer {
  readonly status: number
  readonly retryAfter: string | undefined
  /** The word by which Slack says what it refuses (`no_service`, `invalid_payload`); undefined where there is none. */
  readonly word: string | undefined
}

/** Nothing else of an answer is passed on: a server may answer with what it was asked, and so with the secret part of its URL. */
const WORD = /^[a-z]+(_[a-z]+){0,5}$/
const LONGEST_WORD = 60

/**
 * Posts a message. A redirect is an answer, and followed nowhere. Of an answer no more is read than its head, and of a refusal the first
 * piece of its body: a server may send it for ever.
 *
 * @param signal ends it, whatever the server does
 * @throws what `fetch` throws
 */
export async function post(url: string, { headers, body }: Message, signal: AbortSignal): Promise<Answer> {
  const response = await fetch(url, { method: 'POST', redirect: 'manual', headers, body, signal })
  const reader = response.body?.getReader()
  try {
    const word = response.ok || !reader ? undefined : await wordOf(reader)
    return { status: response.status, retryAfter: response.headers.get('retry-after') ?? undefined, word }
  } finally {
    // The connection goes with what was not read. That it is gone already is no news.
    await reader?.cancel().catch(() => undefined)
  }
}

async function wordOf(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<string | undefined> {
  try {
    const { value } = await reader.read()
    const word = new TextDecoder().decode(value?.subarray(0, LONGEST_WORD + 1)).trim()
    return word.length <= LONGEST_WORD && WORD.test(word) ? word : undefined
  } catch {
    // Its status is known, which says more.
    return undefined
  }
}
