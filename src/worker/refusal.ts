/** Why a worker does not start, in one line for the person on call: what and where, why, and what to do. */
export class Refusal extends Error {
  override readonly name = 'Refusal'

  /**
   * @param what what is wrong, and where
   * @param why as far as it is known: another program's words may have several lines, which become one
   * @param remedy what to do about it, as a whole sentence
   */
  constructor(what: string, why: string, remedy: string) {
    super(oneLine(`The worker cannot start: ${what}: ${why.replace(/[.!\s]+$/, '')}. ${remedy}`))
  }
}

function oneLine(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, ' ')
}
