import { describe, expect, test } from '@jest/globals'
import { CheckFailed, Checklist, NothingToCheck } from '../../src/domain/checklist.ts'

const explain = (error: unknown) => ({ found: `explained: ${error}`, remedy: 'think' })

function checklist(): Checklist {
  return new Checklist(explain)
}

describe('one thing', () => {
  test.each([
    ['in order', async () => 'as it has to be', { state: 'ok', found: 'as it has to be' }],
    [
      'wrong',
      async () => Promise.reject(new CheckFailed('off', 'switch it on')),
      { state: 'failed', found: 'off', remedy: 'switch it on' },
    ],
    ['not there', async () => Promise.reject(new NothingToCheck('none yet')), { state: 'skipped', found: 'none yet' }],
    [
      'that throws something else is explained',
      async () => Promise.reject(new Error('x')),
      { state: 'failed', found: 'explained: Error: x', remedy: 'think' },
    ],
  ])('%s', async (_, work, expected) => {
    const list = checklist()
    await list.look('mysql', [], work)
    expect(list.findings).toEqual([{ check: 'mysql', ...expected }])
  })
})

test.each([
  ['has failed', async () => Promise.reject(new CheckFailed('off', 'on'))],
  ['was skipped', async () => Promise.reject(new NothingToCheck('none'))],
])('what rests on something that %s is not looked at', async (_, work) => {
  const list = checklist()
  await list.look('mysql', [], work)
  let looked = false
  await list.look('privileges', ['mysql'], async () => {
    looked = true
    return ''
  })
  expect(looked).toBe(false)
  expect(list.findings[1]).toEqual({
    check: 'privileges',
    state: 'skipped',
    found: 'not looked at: it needs "MySQL"',
  })
})

describe('several things that somebody else looks at', () => {
  test('an answer that says nothing of one leaves it skipped, because of the one that failed', async () => {
    const list = checklist()
    const answer = {
      findings: [{ check: 'image', state: 'failed', found: 'not found', remedy: 'push it' }] as const,
      more: 5,
    }
    expect(await list.ask(['pod', 'image', 'bucket'], [], async () => answer)).toBe(answer)
    expect(list.findings).toEqual([
      answer.findings[0],
      { check: 'pod', state: 'skipped', found: 'not looked at: it needs "Engine image"' },
      { check: 'bucket', state: 'skipped', found: 'not looked at: it needs "Engine image"' },
    ])
  })

  test('no answer is a failure of the first, and the others are skipped', async () => {
    const list = checklist()
    await list.ask(['kubernetes', 'permissions'], [], async () => Promise.reject(new Error('gone')))
    expect(list.findings.map(({ check, state }) => [check, state])).toEqual([
      ['kubernetes', 'failed'],
      ['permissions', 'skipped'],
    ])
  })

  test('nobody is asked where what they need has failed', async () => {
    const list = checklist()
    list.note({ check: 'worker', state: 'failed', found: 'none' })
    const asked = await list.ask(['kubernetes'], ['worker'], async () => Promise.reject(new Error('asked')))
    expect(asked).toBeUndefined()
    expect(list.findings[1]).toMatchObject({ check: 'kubernetes', state: 'skipped' })
  })
})

test('findings are in the order of the checks, and the last one of a check counts', () => {
  const list = checklist()
  list.note({ check: 'clocks', state: 'ok', found: '' }, { check: 'temporal', state: 'ok', found: 'old' })
  list.note({ check: 'temporal', state: 'failed', found: 'new' })
  expect(list.findings.map(({ check, found }) => `${check} ${found}`)).toEqual(['temporal new', 'clocks '])
  expect([list.isOk('temporal'), list.isOk('clocks'), list.isOk('pod')]).toEqual([false, true, false])
})
