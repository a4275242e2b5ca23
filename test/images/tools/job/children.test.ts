import { text } from 'node:stream/consumers'
import { expect, test } from '@jest/globals'
import { Children, handOver } from '../../../../images/tools/job/children.ts'

test('a program that fails is quoted: how it ended, and its last lines', async () => {
  const { ended } = new Children().start('sh', [
    '-c',
    'echo first; for n in 1 2 3 4 5 6 7 8; do echo $n >&2; done; exit 7',
  ])
  await expect(ended).rejects.toThrow('sh ended with exit code 7: 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8')
})

test('a program that is not there is named', async () => {
  await expect(new Children().start('no-such-program', []).ended).rejects.toThrow(
    /no-such-program could not be started/,
  )
})

test('what one program writes reaches the other without passing through this one', async () => {
  const children = new Children()
  const reader = children.start('tr', ['a-z', 'A-Z'], { stdin: 'pipe', stdout: 'pipe' })
  if (!reader.stdin || !reader.stdout) throw new Error('no pipes')
  const writer = children.start('seq', ['-f', 'line %.0f', '200000'], { stdout: reader.stdin })
  handOver(reader.stdin)
  const [output] = await Promise.all([text(reader.stdout), writer.ended, reader.ended])
  expect(output.split('\n')).toHaveLength(200_001)
  expect(output).toMatch(/^LINE 1\n.*LINE 200000\n$/s)
})

test('values reach a program as they are', async () => {
  const lines: string[] = []
  const onLine = (line: string) => lines.push(line)
  await new Children().start('printf', ['%s\n', '$(id); "a b" `x`'], { onLine }).ended
  expect(lines).toEqual(['$(id); "a b" `x`'])
})

test('a program is not started any more once all are being stopped', async () => {
  const children = new Children()
  const sleeping = children.start('sleep', ['300'])
  const stopped = children.stopAll(5)
  expect(() => children.start('true', [])).toThrow('true was not started: the step is ending')
  await stopped
  await expect(sleeping.ended).rejects.toThrow('SIGTERM')
})
