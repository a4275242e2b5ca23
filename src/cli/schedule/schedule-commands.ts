import type { Command } from 'commander'
import { outputOption } from '../backups/bucket-options.ts'
import { examples } from '../examples.ts'
import { addCreateCommands } from './create-commands.ts'
import { policyOptions, provenWithinOption } from './policy-options.ts'
import { timingOptions } from './timing-options.ts'

/**
 * Adds `schedule`: what happens every night by itself. What a command needs is loaded with it: Temporal's client takes a second and
 * 100 MB.
 */
export function addScheduleCommands(program: Command): void {
  const schedules = program.command('schedule').description('Backups, prunings and drills that start by themselves.')
  addCreateCommands(schedules)
  addReading(schedules)
  addChanging(schedules)
  addStarting(schedules)
}

function addReading(schedules: Command): void {
  command(schedules, 'list', 'Lists them, with their next and last runs.')
    .addHelpText('after', examples('schedule list'))
    .action(async (options) => await (await import('./list.ts')).listSchedules(options))
  command(schedules, 'describe', 'Shows one: when it is due, and how its last runs went.')
    .argument('<schedule id>')
    .addHelpText('after', examples('schedule describe nightly'))
    .action(async (id, options) => await (await import('./describe.ts')).describeSchedule(id, options))
  command(schedules, 'unproven', 'Lists the databases that should have a proven backup by now and have none.')
    .addHelpText('after', examples('schedule unproven'))
    .action(async (options) => await (await import('./unproven.ts')).listUnproven(options))
}

function addChanging(schedules: Command): void {
  const update = command(schedules, 'update', 'Changes what the options name.').argument('<schedule id>')
  provenWithinOption(policyOptions(timingOptions(update)))
    .option('--request <json>', 'what of the request is to be otherwise: JSON, or @ and a file of it')
    .option('--task-queue <name>', "the workers'")
    .addHelpText('after', examples('schedule update nightly --at 03:00 --request \'{"threads":8}\''))
    .action(async (id, options) => await (await import('./update.ts')).updateSchedule(id, options))
  command(schedules, 'pause', 'Has it start nothing. What runs goes on.')
    .argument('<schedule id>')
    .option('--note <text>', 'why')
    .addHelpText('after', examples('schedule pause nightly --note maintenance'))
    .action(async (id, options) => await (await import('./pause.ts')).pauseSchedule(id, options))
  command(schedules, 'resume', 'Has it start again from its next time on.')
    .argument('<schedule id>')
    .option('--note <text>', 'why')
    .addHelpText('after', examples('schedule resume nightly'))
    .action(async (id, options) => await (await import('./pause.ts')).resumeSchedule(id, options))
  command(schedules, 'delete', 'Deletes it. No backup is touched.')
    .argument('<schedule id>')
    .option('--yes', 'really')
    .addHelpText('after', examples('schedule delete nightly --yes'))
    .action(async (id, options) => await (await import('./delete.ts')).deleteSchedule(id, options))
}

function addStarting(schedules: Command): void {
  command(schedules, 'trigger', 'Starts now what it would start at its next time.')
    .argument('<schedule id>')
    .addHelpText('after', examples('schedule trigger nightly'))
    .action(async (id, options) => await (await import('./trigger.ts')).triggerSchedule(id, options))
  command(schedules, 'backfill', 'Starts what was due in a time that has passed, one after the other.')
    .argument('<schedule id>')
    .requiredOption('--from <time>', 'as in 2026-11-24T00:00:00Z')
    .requiredOption('--to <time>', 'as in 2026-11-26T00:00:00Z')
    .addHelpText('after', examples('schedule backfill nightly --from 2026-11-24T00:00:00Z --to 2026-11-26T00:00:00Z'))
    .action(async (id, options) => await (await import('./backfill.ts')).backfillSchedule(id, options))
}

function command(schedules: Command, name: string, description: string): Command {
  return schedules.command(name).description(description).addOption(outputOption())
}
