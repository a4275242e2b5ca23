import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from '../../lab/run.ts'
import { openBrowser } from '../../test/support/browser.ts'
import type { Recording } from './recording.ts'

/** A page with xterm.js, which shows what a terminal shows. */
const TERMINAL = new URL('terminal.html', import.meta.url).href

/** A frame for each second of what was recorded, shown for a quarter of one: a minute is over in fifteen seconds. */
const SECONDS_A_FRAME = 1
const FRAME_MILLISECONDS = 250
/** The end is there to be read. */
const LAST_MILLISECONDS = 8000

/** Of the page. */
declare const openTerminal: (columns: number, rows: number) => void
declare const writeToTerminal: (text: string) => Promise<void>

/**
 * Draws a recording as a picture that moves, in WebP.
 *
 * @param file is written
 */
export async function drawRecording(recording: Recording, file: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-recording-'))
  try {
    const frames = await takeFrames(recording, folder)
    const shown = frames.flatMap((frame, index) => {
      const milliseconds = index < frames.length - 1 ? FRAME_MILLISECONDS : LAST_MILLISECONDS
      return ['-d', String(milliseconds), frame]
    })
    await run(['img2webp', '-loop', '0', '-lossless', '-m', '6', ...shown, '-o', file])
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** @returns the files of the frames, in order */
async function takeFrames(recording: Recording, folder: string): Promise<string[]> {
  const browser = await openBrowser()
  try {
    const page = await browser.newPage({ viewport: { width: 1200, height: 1200 } })
    await page.goto(TERMINAL)
    await page.evaluate(([columns, rows]) => openTerminal(columns, rows), [recording.columns, recording.rows] as const)
    const files: string[] = []
    for (const text of textsOfFrames(recording)) {
      await page.evaluate(async (written) => await writeToTerminal(written), text)
      const path = join(folder, `${files.length}.png`)
      await page.locator('#terminal').screenshot({ path })
      files.push(path)
    }
    return files
  } finally {
    await browser.close()
  }
}

/** What is written from each frame to the next. */
function textsOfFrames({ output }: Recording): string[] {
  const end = output.at(-1)?.seconds ?? 0
  const texts = Array.from({ length: Math.ceil(end / SECONDS_A_FRAME) + 1 }, () => '')
  for (const { seconds, text } of output) texts[Math.ceil(seconds / SECONDS_A_FRAME)] += text
  return texts
}
