import type { Command } from 'commander'
import { examples } from '../examples.ts'
import { retentionOptions } from '../retention-options.ts'
import { bucketCommand } from './bucket-options.ts'

/** Adds `prune`, which is the same of `backups` and of the program itself. */
export function addPruneCommand(parent: Command): void {
  retentionOptions(bucketCommand(parent, 'prune'))
    .description('Says which backups a rule would delete.')
    .option('--time-zone <name>', 'in which days begin, as in Europe/Berlin')
    .addHelpText('after', examples('prune --daily 14 --monthly 12', 'prune --daily 14 --monthly 12 --delete'))
    .action(async (options) => await (await import('./prune.ts')).prune(options))
}
