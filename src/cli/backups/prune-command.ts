import type { Command } from 'commander'
import { examples } from '../examples.ts'
import { bucketCommand } from './bucket-options.ts'

/** Adds `prune`, which is the same of `backups` and of the program itself. */
export function addPruneCommand(parent: Command): void {
  bucketCommand(parent, 'prune')
    .description('Says which backups a rule would delete.')
    .option('--keep-last <number>', 'keep the newest so many', Number)
    .option('--hourly <number>', 'keep the newest of each of so many hours', Number)
    .option('--daily <number>', 'of so many days', Number)
    .option('--weekly <number>', 'of so many weeks', Number)
    .option('--monthly <number>', 'of so many months', Number)
    .option('--yearly <number>', 'of so many years', Number)
    .option('--max-age-days <number>', 'keep none by a rule that is older', Number)
    .option('--minimum-age-hours <number>', 'delete none that is younger', Number)
    .option('--time-zone <name>', 'in which days begin, as in Europe/Berlin')
    .option('--hold <backup id...>', 'keep these', [])
    .option('--delete', 'delete them')
    .addHelpText('after', examples('prune --daily 14 --monthly 12', 'prune --daily 14 --monthly 12 --delete'))
    .action(async (options) => await (await import('./prune.ts')).prune(options))
}
