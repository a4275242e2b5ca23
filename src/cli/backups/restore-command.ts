import type { Command } from 'commander'
import { examples } from '../examples.ts'
import { sslModeOption } from '../ssl-mode-option.ts'
import { workflowCommand } from './workflow-options.ts'

/** Adds `restore`, which is the same of `backups` and of the program itself. */
export function addRestoreCommand(parent: Command): void {
  workflowCommand(parent, 'restore')
    .description('Restores a backup for use, compares, and overwrites nothing unless told to.')
    .option('--schema <name...>', 'only these; `name=other` restores one into the other name', [])
    .option('--suffix <text>', 'of the schemas that are given no other name', '_recovered')
    .option('--table <schema.table...>', 'of their schemas only these tables', [])
    .option('--overwrite', 'exchange schemas that are there; their tables are kept beside them')
    .option('--server <host[:port]>', "onto this MySQL, not the namespace's own")
    .option('--user <name>', 'who restores there')
    .option('--password-secret <name>', 'the Secret of the namespace whose key `password` has the password')
    .addOption(sslModeOption())
    .addHelpText(
      'after',
      examples(
        'restore',
        'restore 20260131T235959Z-1a2b3c4d --schema shop=shop2 --table shop.orders',
        'restore --schema shop=shop --overwrite',
      ),
    )
    .action(async (backup, options) => await (await import('./restore.ts')).restore(backup, options))
}
