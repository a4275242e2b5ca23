import { PassThrough } from 'node:stream'
import { stripVTControlCharacters } from 'node:util'
import { afterEach, describe, expect, test } from '@jest/globals'
import { execa } from 'execa'
import { pipelineFrame } from '../../src/cli/pipeline-frame.ts'
import { linesView, pipelineView } from '../../src/cli/pipeline-view.ts'
import { setQuiet } from '../../src/cli/print.ts'
import { pendingText } from '../../src/cli/step-text.ts'
import type { PendingJob, PipelineProgress, StepProgressView } from '../../src/domain/progress.ts'

const QUESTION = {
  step: 'dump',
  why: 'it needed more than 1Gi\nin the pod x',
  askedAt: 0,
  answerBy: 3_600_000,
} as const

function dumping(percent: number): PendingJob {
  const progress = { percent, bytes: 12_000_000, rows: 5, bytesPerSecond: 2_000_000, secondsLeft: 9 }
  const pod = { podName: 'hf-dump-1-x2b9k', lastLine: 'dumping orders' }
  return { attempt: 1, job: { jobName: 'hf-dump-1', namespace: 's3-test', phase: 'running', progress, ...pod } }
}

function step(state: StepProgressView['state'], more: Partial<StepProgressView> = {}): StepProgressView {
  const times = state === 'done' ? { startedAt: 0, endedAt: 1500, summary: '4 tables' } : { startedAt: 0 }
  return { name: 'dump', state, ...times, ...more }
}

function progress(steps: readonly StepProgressView[], more: Partial<PipelineProgress> = {}): PipelineProgress {
  return { phase: 'running', paused: false, steps, ...more }
}

/** What is written where these looks are shown at these milliseconds. */
function linesOf(looks: readonly (readonly [number, PipelineProgress])[]): string[] {
  const lines: string[] = []
  let now = 0
  const view = linesView(
    (line) => lines.push(line),
    'nightly',
    () => now,
  )
  for (const [at, look] of looks) {
    now = at
    view.show(look)
  }
  return lines
}

describe('lines', () => {
  test('tell of each change of a step once, and of its progress every ten seconds', () => {
    const lines = linesOf([
      [0, progress([{ name: 'dump', state: 'pending' }])],
      [500, progress([step('running')])],
      [1000, progress([step('running', { pending: dumping(10) })])],
      [10_600, progress([step('running', { pending: dumping(34) })])],
      [20_700, progress([step('running', { pending: dumping(34) })])],
      [21_000, progress([step('done')])],
      [21_500, progress([step('done')])],
    ])
    expect(lines).toEqual([
      'dump            running',
      'dump            running: 34 %, 12 MB, 5 rows, 2 MB/s, 9 s left; try 1, Job hf-dump-1, pod hf-dump-1-x2b9k; log: dumping orders',
      'dump            done 1.5 s: 4 tables',
    ])
  })

  test('tell once what a pipeline asks, with the words that answer, and begin anew with a step that is run once more', () => {
    const asking = progress([step('failed', { endedAt: 2000 })], { phase: 'asking', question: QUESTION })
    const lines = linesOf([
      [0, progress([step('running')])],
      [500, asking],
      [1000, asking],
      [1500, progress([step('running', { round: 1 })])],
      [2000, progress([step('done', { round: 1 })])],
    ])
    expect(lines).toEqual([
      'dump            running',
      'dump            failed 2.0 s',
      [
        'The step dump failed. What now?',
        '  it needed more than 1Gi',
        '  in the pod x',
        'Answer: holdfast backup decide nightly retry | undo | keep',
        'Without an answer by 1970-01-01T01:00:00.000Z it takes back what it made.',
      ].join('\n'),
      'dump            running',
      'dump            done 1.5 s: 4 tables',
    ])
  })

  test.each([
    [{ phase: 'waiting' }, /Another pipeline is at work/],
    [{ phase: 'undoing' }, /takes back/],
    [{ phase: 'running', paused: true }, /holdfast backup resume nightly/],
  ] as const)('tell of %j', (state, said) => {
    expect(linesOf([[0, progress([], state)]])).toEqual([expect.stringMatching(said)])
  })
})

describe('a picture', () => {
  const frame = (shown: PipelineProgress, now: number) =>
    stripVTControlCharacters(pipelineFrame(shown, 'nightly', now)).split('\n')

  test('has a line for each step, and below the one that runs its Job and pod, and the last line of its log', () => {
    const steps: StepProgressView[] = [
      { ...step('done'), name: 'deployMysql', summary: 'MySQL 9.7.4-2' },
      step('running', { pending: { ...dumping(34), attempt: 2, lastFailure: 'the pod is gone\nmore' } }),
      { name: 'upload', state: 'pending' },
    ]
    expect(frame(progress(steps), 12_340)).toEqual([
      '✔ deployMysql         1.5 s  MySQL 9.7.4-2',
      '▶ dump               12.3 s  ███████░░░░░░░░░░░░░ 34 %, 12 MB, 5 rows, 2 MB/s, 9 s left',
      '                             try 2, Job hf-dump-1, pod hf-dump-1-x2b9k',
      '                             before: the pod is gone',
      '                             dumping orders',
      '· upload',
    ])
  })

  test("does not let time run backwards where the server's clock is ahead", () => {
    expect(frame(progress([step('running', { startedAt: 5000 })]), 4000)).toEqual(['▶ dump                0.0 s'])
  })

  test('ends with what a person should know', () => {
    const asking = progress([step('failed', { endedAt: 1000 })], { phase: 'asking', question: QUESTION })
    expect(frame(asking, 0)).toContain('Answer: holdfast backup decide nightly retry | undo | keep')
  })
})

describe('on a terminal', () => {
  /** Stands for standard error where that is a terminal. */
  function terminal() {
    const written: string[] = []
    const stream = new PassThrough().on('data', (chunk) => written.push(String(chunk)))
    return { stream: Object.assign(stream, { isTTY: true, columns: 100, rows: 30 }), text: () => written.join('') }
  }

  afterEach(() => {
    setQuiet(false)
  })

  test('each picture is drawn over the one before', async () => {
    const { stream, text } = terminal()
    const view = await pipelineView(stream, 'nightly')
    view.show(progress([step('running')]))
    view.show(progress([step('done')]))
    view.close()
    const pictures = text().split('\u001b[2K').map(stripVTControlCharacters)
    expect(pictures.at(0)).toContain('▶ dump')
    expect(pictures.length).toBeGreaterThan(1)
    expect(pictures.at(-1)).toContain('✔ dump')
  })

  test('nothing is drawn where nothing is to be said', async () => {
    const { stream, text } = terminal()
    setQuiet(true)
    const view = await pipelineView(stream, 'nightly')
    view.show(progress([step('running')]))
    view.close()
    expect(text()).toBe('')
  })

  test.each([
    [{}, true],
    [{ NO_COLOR: '1' }, false],
  ])('with %j colours: %j', async (env, expected) => {
    const file = new URL('../../src/cli/pipeline-frame.ts', import.meta.url).href
    const steps = JSON.stringify([step('done')])
    const program = `import { pipelineFrame } from '${file}'; console.log(pipelineFrame({ steps: ${steps} }, '', 0))`
    const command = `${process.execPath} --input-type=module --eval "$PROGRAM"`
    const { stdout } = await execa('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
      env: { ...env, PROGRAM: program, TERM: 'xterm-256color' },
    })
    expect(stdout).toContain('dump')
    expect(stdout.includes('\u001b[3')).toBe(expected)
  })
})

describe('what a step is doing', () => {
  test('says which try it is, and why there had to be another', () => {
    const job = { jobName: 'hf-upload-2', namespace: 's3-test', phase: 'pending' } as const
    expect(pendingText({ attempt: 2, job, lastFailure: 'S3 refused\nmore' })).toBe(
      'try 2, Job hf-upload-2 is waiting for its pod; before: S3 refused',
    )
    expect(pendingText({ attempt: 1 })).toBe('')
  })

  test('is told by the last words of its log where there are no numbers', () => {
    const job = {
      jobName: 'hf-1',
      podName: 'hf-1-x',
      namespace: 'holdfast',
      phase: 'running',
      lastLine: 'made',
    } as const
    expect(pendingText({ attempt: 1, job })).toBe('try 1, Job hf-1, pod hf-1-x; log: made')
  })
})
