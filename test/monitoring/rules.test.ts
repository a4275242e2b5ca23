import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, expect, jest, test } from '@jest/globals'
import { execa } from 'execa'
import { ensurePromtool } from '../support/promtool.ts'
import { panelExpressions, ruleExpressions } from './named-metrics.ts'

/** To fetch promtool, where it is not there yet; and for three days of it, on a machine that has much else to do. */
const SETUP_MILLISECONDS = 300_000
jest.setTimeout(SETUP_MILLISECONDS)

let promtool: string

beforeAll(async () => {
  promtool = await ensurePromtool()
}, SETUP_MILLISECONDS)

/** What promtool has to say where it finds fault; empty where it finds none. */
async function faults(...words: readonly string[]): Promise<string> {
  const { exitCode, all } = await execa(promtool, words, { reject: false, all: true })
  return exitCode === 0 ? '' : all
}

test.each(['rules', 'sizes'])('the alerts fire when they should, and only then: %s', async (name) => {
  expect(await faults('test', 'rules', `test/monitoring/${name}.test.yaml`)).toBe('')
})

test('the rules are rules', async () => {
  expect(await faults('check', 'rules', 'manifests/monitoring/rules.yaml')).toBe('')
})

test('what the panels of the dashboard ask for can be asked', async () => {
  const scratch = await mkdtemp(join(tmpdir(), 'holdfast-panels-'))
  const expressions = await panelExpressions()
  // What the variable becomes for all task queues.
  const rules = expressions.map(({ expr }, index) => ({
    record: `panel:${index}`,
    expr: expr.replaceAll('$taskQueue', '.*'),
  }))
  const file = join(scratch, 'panels.yaml')
  await writeFile(file, JSON.stringify({ groups: [{ name: 'panels', rules }] }))
  expect(await faults('check', 'rules', file)).toBe('')
  await rm(scratch, { recursive: true })
})

test('docs/monitoring.md says of each alert what it means', async () => {
  const page = await readFile('docs/monitoring.md', 'utf8')
  const alerts = (await ruleExpressions()).map(({ owner }) => owner).filter((owner) => owner.startsWith('Holdfast'))
  expect(alerts.filter((alert) => !page.includes(`### ${alert}\n`))).toEqual([])
})
