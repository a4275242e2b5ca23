import { rm } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { ensureDebianPackages } from '../lab/debian-packages.ts'
import { drawRecording } from './recording/draw-recording.ts'
import { readRecording } from './recording/recording.ts'

/**
 * Runs the demo on a terminal as a person sees it, and keeps that for the README: as a recording, `docs/images/demo.cast`, and as a
 * picture that moves, `docs/images/demo.webp`. The lab need not be up: what is recorded has it come up, then.
 */
const images = fileURLToPath(new URL('../docs/images/', import.meta.url))
const [cast, picture] = [`${images}demo.cast`, `${images}demo.webp`]

/** Wide and high enough for everything that the demo prints at its end. */
const SIZE = ['--cols', '100', '--rows', '52']

await ensureDebianPackages(['asciinema', 'fonts-dejavu-core', 'webp'], console.error)
await rm(cast, { force: true })
// What CI or a person has set would have the demo print lines without colours.
const environment = { CI: undefined, NO_COLOR: undefined, LANG: 'C.UTF-8', TERM: 'xterm-256color' }
const recorded = await execa(
  'asciinema',
  ['rec', '--quiet', ...SIZE, '--env', 'TERM', '--title', 'npm run demo', '--command', 'npm run demo', cast],
  { stdio: ['ignore', 'inherit', 'inherit'], env: environment, reject: false },
)
if (recorded.failed) throw new Error(`The demo was not recorded: ${recorded.shortMessage}.`)
await drawRecording(await readRecording(cast), picture)
