import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { hashOf, hashOfFolders } from '../../lab/hashes.ts'

let root: string

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'holdfast-hashes-'))
  await mkdir(join(root, 'lab', 'nested'), { recursive: true })
  await writeFile(join(root, 'lab', 'nested', 'file'), 'content')
})

afterEach(() => rm(root, { recursive: true }))

describe('hashOfFolders', () => {
  test('changes with the content of a file', async () => {
    const before = await hashOfFolders(root, ['lab'])
    await writeFile(join(root, 'lab', 'nested', 'file'), 'Content')
    expect(await hashOfFolders(root, ['lab'])).not.toBe(before)
  })

  test('changes with the name of a file', async () => {
    const before = await hashOfFolders(root, ['lab'])
    await rename(join(root, 'lab', 'nested', 'file'), join(root, 'lab', 'nested', 'file2'))
    expect(await hashOfFolders(root, ['lab'])).not.toBe(before)
  })

  test('does not see what programs leave behind', async () => {
    const before = await hashOfFolders(root, ['lab'])
    await mkdir(join(root, 'lab', '__pycache__'))
    await writeFile(join(root, 'lab', '__pycache__', 'x.pyc'), '')
    await writeFile(join(root, 'lab', 'terraform.tfstate.backup'), '')
    expect(await hashOfFolders(root, ['lab'])).toBe(before)
  })
})

test('hashOf tells values apart that are equal when put together', () => {
  expect(hashOf('ab', 'c')).not.toBe(hashOf('a', 'bc'))
})
