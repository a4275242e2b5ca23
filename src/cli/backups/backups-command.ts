import type { Command } from 'commander'
import { retentionOptions } from '../retention-options.ts'
import { bucketCommand } from './bucket-options.ts'
import { deleteOne } from './delete.ts'
import { hold } from './hold.ts'
import { list } from './list.ts'
import { prune } from './prune.ts'
import { release } from './release.ts'
import { show } from './show.ts'
import { sweep } from './sweep.ts'
import { verify } from './verify.ts'
import { workflowCommand } from './workflow-options.ts'

/** Adds `backups`: what lies in a bucket. */
export function addBackupsCommands(program: Command): void {
  const backups = program.command('backups').description('The backups of a bucket.')
  bucketCommand(backups, 'list').description('Lists them, newest first.').action(list)
  bucketCommand(backups, 'show')
    .description('Shows what one holds, and how it was proven.')
    .argument('<backup id>')
    .action(show)
  bucketCommand(backups, 'verify')
    .description('Compares both copies of one with its record, byte by byte.')
    .argument('<backup id>')
    .option('--quick', 'only names and sizes')
    .action(verify)
  workflowCommand(backups, 'restore')
    .description('Restores one for use, compares, and overwrites nothing unless told to.')
    .option('--schema <name...>', 'only these; `name=other` restores one into the other name', [])
    .option('--suffix <text>', 'of the schemas that are given no other name', '_recovered')
    .option('--table <schema.table...>', 'of their schemas only these tables', [])
    .option('--overwrite', 'exchange schemas that are there; their tables are kept beside them')
    .option('--server <host[:port]>', "onto this MySQL, not the namespace's own")
    .option('--user <name>', 'who restores there')
    .option('--password-secret <name>', 'the Secret of the namespace whose key `password` has the password')
    .action(async (backup, options) => await (await import('./restore.ts')).restore(backup, options))
  workflowCommand(backups, 'drill')
    .description('Proves one once more, in a MySQL that is made for it and removed afterwards.')
    .option('--storage <quantity>', "of that MySQL's volume")
    .action(async (backup, options) => await (await import('./restore.ts')).drill(backup, options))
  bucketCommand(backups, 'hold')
    .description("Holds one by S3's Object Lock: it is not deleted until it is released.")
    .argument('<backup id>')
    .action(hold)
  bucketCommand(backups, 'release').description('Ends a hold.').argument('<backup id>').action(release)
  bucketCommand(backups, 'delete')
    .description('Deletes one, whatever any rule says, but for one that is locked.')
    .argument('<backup id>')
    .option('--yes', 'really')
    .action(deleteOne)
  bucketCommand(backups, 'sweep')
    .description('Finds what broken runs have left, which is no backup.')
    .option('--minimum-age-hours <number>', 'what is younger may still be made', Number, 168)
    .option('--delete', 'delete it')
    .action(sweep)
  retentionOptions(bucketCommand(backups, 'prune'))
    .description('Says which backups a rule would delete.')
    .option('--time-zone <name>', 'in which days begin, as in Europe/Berlin')
    .action(prune)
}
