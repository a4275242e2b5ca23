/** An argument that is wrong: its message names the argument. Nothing has been created by then. */
export class InputError extends Error {
  override readonly name = 'InputError'
}
