import type { Command } from 'commander'
import { outputOption } from '../backups/bucket-options.ts'
import { examples } from '../examples.ts'

/** Adds `replay`. */
export function addReplayCommand(program: Command): void {
  program
    .command('replay')
    .description('Replays the history of a workflow against the code of today, and says where they first differ.')
    .argument(
      '<workflow id | file>',
      "a workflow of Temporal's, or a history as JSON: `temporal workflow show --output json`",
    )
    .option('--run-id <id>', 'of an earlier run of that workflow; by default the latest')
    .addOption(outputOption())
    .addHelpText('after', examples('replay nightly', 'replay test/replay/proven.json'))
    .action(async (what, options) => await (await import('./replay.ts')).replay(what, options))
}
