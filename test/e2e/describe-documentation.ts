import { describe, expect, test } from '@jest/globals'
import { execa } from 'execa'
import { readPages, repository } from '../docs/support/documentation.ts'
import type { WholeLab } from '../support/lab.ts'

const MOST_MILLISECONDS = 300_000

/** How a block is marked that is run as it stands. */
const TO_BE_RUN = 'sh run'

/**
 * Runs the commands of the documentation that are marked so: what changes nothing, and is over soon. There is a backup by then.
 *
 * @param labOf the lab, once the tests run
 */
export function describeDocumentation(labOf: () => WholeLab): void {
  describe('the documentation', () => {
    test(
      'shows commands that do what it says, one block after the other',
      async () => {
        const pages = await readPages()
        const blocks = pages.flatMap(({ file, blocks }) =>
          blocks.filter(({ language }) => language === TO_BE_RUN).map(({ text }) => ({ file, text })),
        )
        const failed: string[] = []
        for (const { file, text } of blocks) {
          // By just, each has the environment that the pages tell its reader to have.
          const run = ['--shell-command', '-c', text]
          const { exitCode, all } = await execa(labOf().tools.just, run, {
            cwd: repository,
            env: { HOLDFAST_CLUSTER: 'lab' },
            reject: false,
            all: true,
          })
          if (exitCode !== 0) failed.push(`${file}:\n${text}\n${all}`)
        }
        expect(failed).toEqual([])
        expect(blocks.length).toBeGreaterThan(3)
      },
      MOST_MILLISECONDS,
    )
  })
}
