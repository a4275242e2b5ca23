import { ANSWER_MAX_BYTES, type StepFailure } from '../../../src/domain/step-answers.ts'
import type { StepError } from './step-error.ts'

const ELLIPSIS = ' … '

/** An answer as the text of a termination message. @throws {Error} if it has more than {@link ANSWER_MAX_BYTES} */
export function answerText(answer: unknown): string {
  const text = JSON.stringify(answer)
  const bytes = Buffer.byteLength(text)
  if (bytes > ANSWER_MAX_BYTES) throw new Error(`The answer has ${bytes} bytes; Kubernetes keeps ${ANSWER_MAX_BYTES}.`)
  return text
}

/** A failure as the text of a termination message: its message is cut in the middle where it is too long, its remedy is not. */
export function failureText(error: StepError): string {
  return longestThatFits(error.message.length, (characters) => {
    const message = `${cutMiddle(error.message, characters)} ${error.remedy}`
    return { failure: { type: error.type, message, retryable: error.retryable } } satisfies StepFailure
  })
}

/**
 * The text of the answer with as many items as it has room for.
 *
 * @param count how many there are
 * @param answerWith the answer with the first so many of them
 */
export function answerThatFits<Answer>(count: number, answerWith: (items: number) => Answer): Answer {
  let fits = 0
  let tooMany = count + 1
  while (tooMany - fits > 1) {
    const middle = Math.floor((fits + tooMany) / 2)
    if (Buffer.byteLength(JSON.stringify(answerWith(middle))) <= ANSWER_MAX_BYTES) fits = middle
    else tooMany = middle
  }
  return answerWith(fits)
}

function longestThatFits(length: number, valueWith: (length: number) => unknown): string {
  return answerText(answerThatFits(length, valueWith))
}

/** The start and the end of a text, because an error's start says what and its end says why. */
export function cutMiddle(text: string, characters: number): string {
  if (characters >= text.length) return text
  const kept = Math.max(0, characters - ELLIPSIS.length)
  const end = Math.floor(kept / 2)
  // A cut may part a surrogate pair, which JSON would escape into something unreadable.
  return `${text.slice(0, kept - end)}${ELLIPSIS}${end > 0 ? text.slice(-end) : ''}`.toWellFormed()
}
