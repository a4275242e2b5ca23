import { expect, test } from '@jest/globals'
import { createSteps, type LabEvent } from '../../lab/progress.ts'

test('a step gets the values of the steps that it needs, and starts after them', async () => {
  const events: LabEvent[] = []
  const { step, finished } = createSteps((event) => events.push(event))
  const one = step('one', [], async () => 1)
  const two = step('two', [], async () => 'two')
  const both = step('both', [one, two], async ([first, second]) => `${first} ${second}`)
  await finished()
  expect(await both).toBe('1 two')
  const order = events.map(({ step, state }) => `${step} ${state}`)
  expect(order.indexOf('both running')).toBeGreaterThan(order.indexOf('two done'))
})

test('all steps are known before the first has ended', async () => {
  const events: LabEvent[] = []
  const { step, finished } = createSteps((event) => events.push(event))
  const one = step('one', [], async () => 1)
  void step('two', [one], async () => 2)
  expect(events.filter(({ state }) => state === 'waiting').map(({ step }) => step)).toEqual(['one', 'two'])
  await finished()
})

test('what needs a failed step is skipped, what does not runs, and the failure is reported once', async () => {
  const events: LabEvent[] = []
  const { step, finished } = createSteps((event) => events.push(event))
  const broken = step('broken', [], async () => {
    throw new Error('port taken')
  })
  void step('after', [broken], async () => 1)
  void step('beside', [], async () => 2)
  await expect(finished()).rejects.toThrow('port taken')
  const last = new Map(events.map(({ step, state }) => [step, state]))
  expect(Object.fromEntries(last)).toEqual({ broken: 'failed', after: 'skipped', beside: 'done' })
})
