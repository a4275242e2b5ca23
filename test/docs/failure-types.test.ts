import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { repository } from './support/documentation.ts'

/** Where failures are made that reach a person. */
const SOURCES = ['images/tools', 'src/activities', 'src/kubernetes', 'src/workflows']

const PATTERNS = [
  // new StepError({ type: '...' }), a finding about a Job
  /\btype: '([A-Z][A-Za-z]+)'/g,
  // isDenied ? 'AccessDenied' : 'TerraformFailed'
  /\btype: [^,\n]*\? '([A-Z][A-Za-z]+)' : '([A-Z][A-Za-z]+)'/g,
  // known?.type ?? 'S3Failed'
  /\btype: [^,\n]*\?\? '([A-Z][A-Za-z]+)'/g,
  // ApplicationFailure.nonRetryable(message, '...')
  /nonRetryable\([^;]*?'([A-Z][A-Za-z]+)',?\s*\)/g,
]

/** What the doctor finds is a line that ends with what to do: nobody meets it by its type. */
const WITH_REMEDIES = 'images/tools/doctor'

/** Kinds of other things that are written the same way. */
const NO_FAILURES = ['Opaque']

test('whatever a failure is called, the runbook or the operations page says what to do about it', async () => {
  const types = new Set((await Promise.all(SOURCES.map(typesBelow))).flat())
  const read = (file: string) => readFile(join(repository, file), 'utf8')
  const pages = (await Promise.all(['docs/runbook.md', 'docs/operations.md'].map(read))).join('\n')
  expect([...types].filter((type) => !NO_FAILURES.includes(type) && !pages.includes(`\`${type}\``))).toEqual([])
  expect(types.size).toBeGreaterThan(60)
})

async function typesBelow(folder: string): Promise<string[]> {
  const files = (await readdir(join(repository, folder), { recursive: true })).map((file) => join(folder, file))
  const sources = files.filter((file) => file.endsWith('.ts') && !file.startsWith(WITH_REMEDIES))
  const texts = await Promise.all(sources.map((file) => readFile(join(repository, file), 'utf8')))
  return texts.flatMap((text) =>
    PATTERNS.flatMap((pattern) => [...text.matchAll(pattern)].flatMap(([, ...names]) => names)),
  )
}
