import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { execa } from 'execa'
import { z } from 'zod'
import { type LabFile, readLab } from '../../lab/lab-file.ts'
import { mountSql } from '../../src/cli/mount-sql.ts'
import { toConfigMaps } from '../../src/cli/sql-input.ts'

let lab: LabFile
let namespace: string

async function kubectl(...args: string[]): Promise<string> {
  const { stdout } = await execa(lab.tools.kubectl, ['--kubeconfig', lab.kubernetes.kubeconfig, ...args])
  return stdout
}

function mount(sql: string): Promise<void> {
  return mountSql(lab, namespace, { sha256: '', configMaps: toConfigMaps(Buffer.from(sql), namespace) })
}

async function labels(): Promise<Record<string, string>> {
  const text = await kubectl('get', 'namespace', namespace, '--output', 'jsonpath={.metadata.labels}')
  return z.record(z.string(), z.string()).parse(JSON.parse(text))
}

beforeEach(async () => {
  const found = await readLab()
  if (!found) throw new Error('The lab is not up.')
  lab = found
  namespace = `holdfast-test-${randomUUID().slice(0, 8)}`
})

afterEach(async () => {
  await kubectl('delete', 'namespace', namespace, '--ignore-not-found', '--wait=false')
})

test('makes a namespace that the clean-up may delete, and that confines its pods', async () => {
  await mount('SELECT 1;')
  expect(await labels()).toMatchObject({
    'app.kubernetes.io/managed-by': 'holdfast',
    'pod-security.kubernetes.io/enforce': 'restricted',
  })
})

test("does not make somebody else's namespace one that the clean-up may delete", async () => {
  await kubectl('create', 'namespace', namespace)
  await mount('SELECT 1;')
  expect(await labels()).not.toHaveProperty('app.kubernetes.io/managed-by')
})

test('leaves nothing of a longer file that was there before', async () => {
  await kubectl('create', 'namespace', namespace)
  await kubectl('--namespace', namespace, 'create', 'configmap', 'holdfast-sql-07', '--from-literal', 'part-007=old')
  await mount('SELECT 1;')
  const names = await kubectl('--namespace', namespace, 'get', 'configmap', '--output', 'name')
  expect(names.split('\n').filter((name) => name.includes('holdfast-sql'))).toEqual(['configmap/holdfast-sql-00'])
})
