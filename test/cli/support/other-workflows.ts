/** What a worker of another version runs. */
export async function SomethingElse(): Promise<string> {
  return 'something else'
}
