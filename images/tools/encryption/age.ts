import type { Readable, Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { ChildError, type Children, firstFailure } from '../job/children.ts'

/** age at work: what goes in, and what comes out encrypted. */
export interface Encrypting {
  readonly stdin: Writable
  readonly stdout: Readable | null
  /** @throws {ChildError} */
  readonly ended: Promise<void>
}

/** age at work the other way round. */
export interface Decrypting {
  readonly stdin: Writable
  readonly stdout: Readable | null
  /** @throws {ChildError} */
  readonly ended: Promise<void>
}

/**
 * Starts to encrypt.
 *
 * @param recipientsFile age's file of recipients: one a line
 * @param output `pipe`: {@link Encrypting.stdout}; the descriptor of a file: straight to it
 */
export function startEncrypting(children: Children, recipientsFile: string, output: 'pipe' | number): Encrypting {
  const args = ['--encrypt', '--recipients-file', recipientsFile]
  const { stdin, stdout, ended } = children.start('age', args, { stdin: 'pipe', stdout: output })
  if (!stdin) throw new Error('age has no input.')
  return { stdin, stdout, ended }
}

/**
 * Starts to decrypt.
 *
 * @param identityFile age's file of identities: one a line
 * @param output `pipe`: {@link Decrypting.stdout}; the input of another program: straight to it
 */
export function startDecrypting(children: Children, identityFile: string, output: 'pipe' | Writable): Decrypting {
  const { stdin, stdout, ended } = children.start('age', ['--decrypt', '--identity', identityFile], {
    stdin: 'pipe',
    stdout: output,
  })
  if (!stdin) throw new Error('age has no input.')
  return { stdin, stdout, ended }
}

/** Decrypts a text that fits into memory. @throws {ChildError} */
export async function decryptText(children: Children, identityFile: string, encrypted: Readable): Promise<string> {
  const { stdin, stdout, ended } = startDecrypting(children, identityFile, 'pipe')
  if (!stdout) throw new Error('age has no output.')
  const contents = text(stdout)
  await firstFailure([ended, contents, pipeline(encrypted, stdin)])
  return await contents
}

/** What age itself says that it failed for, if it was age: it never quotes a key. */
export function ageComplaint(error: unknown): string | undefined {
  if (!(error instanceof ChildError)) return undefined
  return error.lines.find((line) => line.startsWith('age: error: '))?.slice('age: error: '.length)
}
