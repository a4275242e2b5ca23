import type { Command } from 'commander'
import { outputOption } from '../backups/bucket-options.ts'
import { taskQueueOption } from '../backups/workflow-options.ts'
import { examples } from '../examples.ts'

const EXIT_CODES = `
Exit code 0: each target took it. 1: one did not, or there is none. docs/notifications.md says how targets are named.`

/** Adds `notify`: who is told of what happens. */
export function addNotifyCommands(program: Command): void {
  const notify = program.command('notify').description('Who is told of what happens.')
  notify
    .command('test')
    .description('Has a worker send a test to each target of its file, once, and says who took it.')
    .addOption(taskQueueOption())
    .addOption(outputOption())
    .addHelpText('after', examples('notify test'))
    .addHelpText('after', EXIT_CODES)
    .action(async (options) => await (await import('./test-targets.ts')).testTargets(options))
}
