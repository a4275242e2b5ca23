// A program: encrypts and decrypts as steps do, with keys that it makes, and prints what came of it.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { sha256OfFile } from '../../../images/tools/dump/dump-manifest.ts'
import { plainTextToFile, textToFile } from '../../../images/tools/dump/dump-process.ts'
import type { WrittenFile } from '../../../images/tools/dump/hash-while-written.ts'
import { findIdentity, openText } from '../../../images/tools/encryption/identity.ts'
import { findRecipients } from '../../../images/tools/encryption/recipients.ts'
import { Children } from '../../../images/tools/job/children.ts'
import { StepError, toStepError } from '../../../images/tools/job/step-error.ts'
import { readDumpFile } from '../../../images/tools/mysql/load-file.ts'
import type { AgeFindings } from './age-findings.ts'

/** More than the pipes between two programs hold. */
const TEXT = Array.from({ length: 100_000 }, (_, row) => `INSERT INTO t VALUES (${row}, ${Math.sin(row)});`).join('\n')

/** What is written there finds no room. */
const FULL = '/dev/full'

const children = new Children()
const folder = await mkdtemp(join(tmpdir(), 'try-age-'))
const nowhere = join(folder, 'nowhere')

const [old, current, others] = [await makeKeys('old'), await makeKeys('current'), await makeKeys('others')]
const recipientsFile = await write('recipients', `# both of ours\n${old.recipient}\n${current.recipient}\n`)
const compressed = { path: join(folder, 'text.sql.zst.age'), recipientsFile }
const plain = { path: join(folder, 'text.json.age'), recipientsFile }
const writtenCompressed = await textToFile(children, TEXT, compressed)
const writtenPlain = await plainTextToFile(children, TEXT, plain)
const contents = await readFile(compressed.path)

const findings: AgeFindings = {
  header: contents.subarray(0, 21).toString('latin1'),
  isSame: {
    'a compressed file, by the old identity': (await read(contents, old.file)) === TEXT,
    'a compressed file, by the current one': (await read(contents, current.file)) === TEXT,
    'a file that is not compressed': (await open(plain.path, old.file)) === TEXT,
    'size and SHA-256 of the one': await isAsNoted(compressed.path, writtenCompressed),
    'size and SHA-256 of the other': await isAsNoted(plain.path, writtenPlain),
  },
  failures: {
    'recipients that are not there': await failureOf(findRecipientsIn(nowhere)),
    'recipients of whom there is none': await failureOf(findRecipientsIn(await write('nobody', '# nobody\n'))),
    'an identity for a recipient': await failureOf(findRecipientsIn(current.file)),
    'recipients that are gone when a file is written': await failureOf(
      textToFile(children, '', { path: join(folder, 'lost'), recipientsFile: nowhere }),
    ),
    'a full disk': await failureOf(asStep(textToFile(children, TEXT, { path: FULL, recipientsFile: undefined }))),
    'a full disk for what is encrypted': await failureOf(
      asStep(textToFile(children, TEXT, { path: FULL, recipientsFile })),
    ),
    'an identity that is not there': await failureOf(findIdentity('age', nowhere)),
    'an identity of others': await failureOf(open(plain.path, others.file)),
    'an identity that was mistyped': await failureOf(
      open(plain.path, await write('mistyped', current.identity.slice(0, -1))),
    ),
    'a file whose end is missing': await failureOf(read(contents.subarray(0, -1), current.file)),
  },
  identities: [old, current, others].map(({ identity }) => identity),
}
await rm(folder, { recursive: true })
process.stdout.write(`${JSON.stringify(findings)}\n`)

async function makeKeys(name: string) {
  const lines: string[] = []
  await children.start('age-keygen', [], { onLine: (line) => lines.push(line) }).ended
  const identity = lines.find((line) => line.startsWith('AGE-SECRET-KEY-')) ?? ''
  const recipient = lines.find((line) => line.startsWith('# public key: '))?.slice('# public key: '.length) ?? ''
  return { identity, recipient, file: await write(name, identity) }
}

async function write(name: string, text: string): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, text)
  return path
}

async function isAsNoted(path: string, { bytes, sha256 }: WrittenFile): Promise<boolean> {
  return (await readFile(path)).length === bytes && (await sha256OfFile(path)) === sha256
}

async function read(stored: Buffer, identityFile: string): Promise<string> {
  return await readDumpFile(children, { stored: Readable.from([stored]), identityFile })
}

async function open(path: string, identityFile: string): Promise<string> {
  return await openText(children, identityFile, Readable.from([await readFile(path)]))
}

async function findRecipientsIn(file: string): Promise<string | undefined> {
  return await findRecipients({ ENCRYPTION: 'age', AGE_RECIPIENTS_FILE: file }, children)
}

async function asStep(work: Promise<unknown>): Promise<never> {
  return await work.then(
    () => Promise.reject(new Error('It did not fail.')),
    (error: unknown) => Promise.reject(toStepError(error)),
  )
}

async function failureOf(work: Promise<unknown>): Promise<{ type: string; message: string }> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (error instanceof StepError) return { type: error.type, message: `${error.message} ${error.remedy}` }
  return error instanceof Error ? { type: error.name, message: error.message } : { type: 'none', message: '' }
}
