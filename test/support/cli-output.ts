import { jest } from '@jest/globals'

/** Runs a command of the CLI in this process, on this Temporal. @returns the JSON that it prints */
export async function cliJson<Document>(address: string, command: () => Promise<void>): Promise<Document> {
  return JSON.parse(await cliText(address, command))
}

/** @returns what it prints to standard output */
export async function cliText(address: string, command: () => Promise<void>): Promise<string> {
  const printed: string[] = []
  const write = (chunk: unknown) => {
    printed.push(String(chunk))
    return true
  }
  const [output, errors] = [jest.spyOn(process.stdout, 'write'), jest.spyOn(process.stderr, 'write')]
  output.mockImplementation(write)
  errors.mockImplementation(() => true)
  const before = process.env.TEMPORAL_ADDRESS
  process.env.TEMPORAL_ADDRESS = address
  try {
    await command()
    return printed.join('')
  } finally {
    output.mockRestore()
    errors.mockRestore()
    if (before === undefined) delete process.env.TEMPORAL_ADDRESS
    else process.env.TEMPORAL_ADDRESS = before
  }
}
