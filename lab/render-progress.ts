import { Listr, type ListrTask } from 'listr2'
import { LabError } from './lab-error.ts'
import type { LabEvent, LabProgress } from './progress.ts'

/** Shows a set-up to a person, while it runs. */
export type ProgressView = {
  onProgress: LabProgress
  /** Ends the view. To be called when the set-up has ended, well or not. */
  close: () => Promise<void>
}

/** A list that changes in place on a terminal, else a line for each thing that happens. */
export function renderProgress(stream: NodeJS.WriteStream = process.stderr): ProgressView {
  return stream.isTTY ? renderList(stream) : renderLines(stream)
}

/** Steps that took less than this are not worth a line each. */
const instantSeconds = 0.5

function renderLines(stream: NodeJS.WriteStream): ProgressView {
  const write = (line: string) => void stream.write(`${line}\n`)
  return {
    onProgress: (event) => {
      if (event.state === 'line' && isWorthALine(event.line)) write(`  ${event.step}: ${event.line}`)
      if (event.state === 'done' && event.seconds >= instantSeconds)
        write(`✔ ${event.step} (${inSeconds(event.seconds)})`)
      if (event.state === 'failed') write(`✖ ${event.step} (${inSeconds(event.seconds)}): ${event.message}`)
    },
    close: async () => {},
  }
}

/** Of a long build only the milestones: each download of a compiler's library would fill the screen. */
function isWorthALine(line: string): boolean {
  return /^(installing|installed|building|downloading from|there is no|another process)/.test(line)
}

type Row = { task: ListrTask; settle: (event: LabEvent) => void; say: (line: string) => void }

/** A list that changes in place: for a terminal. */
function renderList(stream: NodeJS.WriteStream): ProgressView {
  const rows = new Map<string, Row>()
  let shown: Promise<unknown> | undefined
  const show = () => {
    const tasks = [...rows.values()].map((row) => row.task)
    const list = new Listr(tasks, {
      concurrent: true,
      exitOnError: false,
      // Ctrl-C is the command's own affair: it says what goes on without it.
      registerSignalListeners: false,
      rendererOptions: { collapseErrors: false },
    })
    return list.run()
  }
  return {
    onProgress: (event) => {
      if (event.state === 'waiting') rows.set(event.step, createRow(event.step))
      const row = rows.get(event.step)
      // What is said before there is a list, stands above it.
      if (!row) return void stream.write(`${event.step}${event.state === 'line' ? `: ${event.line}` : ''}\n`)
      // All steps are declared in one go, so the list is whole once the current turn of the event loop is over.
      shown ??= new Promise((resolve) => setImmediate(() => resolve(show())))
      if (event.state === 'line') row.say(event.line)
      else row.settle(event)
    },
    close: async () => {
      for (const [step, row] of rows) row.settle({ step, state: 'skipped' })
      await shown
    },
  }
}

function createRow(step: string): Row {
  let settle: Row['settle'] = () => {}
  let say: Row['say'] = () => {}
  const ended = new Promise<LabEvent>((resolve) => {
    settle = (event) => {
      if (event.state !== 'waiting' && event.state !== 'running') resolve(event)
    }
  })
  const task: ListrTask = {
    title: step,
    task: async (_, wrapper) => {
      say = (line) => {
        wrapper.output = line
      }
      const event = await ended
      if (event.state === 'failed') throw new LabError(event.message)
      if (event.state === 'skipped') wrapper.skip(`${step} (not done)`)
      if (event.state === 'done') wrapper.title = `${step} ${inSeconds(event.seconds)}`
    },
  }
  return { task, settle: (event) => settle(event), say: (line) => say(line) }
}

function inSeconds(seconds: number): string {
  return `${seconds.toFixed(1)} s`
}
