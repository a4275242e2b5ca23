import { type Command, Option } from 'commander'
import { DEFAULT_TASK_QUEUE } from '../../config.ts'
import { outputOption } from '../backups/bucket-options.ts'
import { policyOptions, provenWithinOption } from './policy-options.ts'
import { backupRequestOptions, drillRequestOptions, pruneRequestOptions } from './request-options.ts'
import { timingOptions } from './timing-options.ts'

/**
 * Adds `schedule`: what happens every night by itself. What a command needs is loaded with it: Temporal's client takes a second and
 * 100 MB.
 */
export function addScheduleCommands(program: Command): void {
  const schedules = program.command('schedule').description('Backups, prunings and drills that start by themselves.')
  addCreate(schedules)
  scheduleCommand(schedules, 'list', 'Lists them, with their next and last runs.', '').action(
    async (options) => await (await import('./list.ts')).listSchedules(options),
  )
  scheduleCommand(schedules, 'describe', 'Shows one: when it is due, and how its last runs went.').action(
    async (id, options) => await (await import('./describe.ts')).describeSchedule(id, options),
  )
  provenWithinOption(
    policyOptions(timingOptions(scheduleCommand(schedules, 'update', 'Changes what the options name.'))),
  )
    .option('--request <json>', 'what of the request is to be otherwise: JSON, or @ and a file of it')
    .option('--task-queue <name>', "the workers'")
    .action(async (id, options) => await (await import('./update.ts')).updateSchedule(id, options))
  scheduleCommand(schedules, 'pause', 'Has it start nothing. What runs goes on.')
    .option('--note <text>', 'why')
    .action(async (id, options) => await (await import('./pause.ts')).pauseSchedule(id, options))
  scheduleCommand(schedules, 'resume', 'Has it start again from its next time on.')
    .option('--note <text>', 'why')
    .action(async (id, options) => await (await import('./pause.ts')).resumeSchedule(id, options))
  scheduleCommand(schedules, 'trigger', 'Starts now what it would start at its next time.').action(
    async (id, options) => await (await import('./trigger.ts')).triggerSchedule(id, options),
  )
  scheduleCommand(schedules, 'backfill', 'Starts what was due in a time that has passed, one after the other.')
    .requiredOption('--from <time>', 'as in 2026-11-24T00:00:00Z')
    .requiredOption('--to <time>', 'as in 2026-11-26T00:00:00Z')
    .action(async (id, options) => await (await import('./backfill.ts')).backfillSchedule(id, options))
  scheduleCommand(schedules, 'delete', 'Deletes it. No backup is touched.')
    .option('--yes', 'really')
    .action(async (id, options) => await (await import('./delete.ts')).deleteSchedule(id, options))
  scheduleCommand(
    schedules,
    'unproven',
    'Lists the databases that should have a proven backup by now and have none.',
    '',
  ).action(async (options) => await (await import('./unproven.ts')).listUnproven(options))
}

function addCreate(schedules: Command): void {
  const create = schedules.command('create').description('Makes one.')
  provenWithinOption(
    backupRequestOptions(createCommand(create, 'backup', 'Backs a database up, and proves it.')),
  ).action(async (id, options) => {
    const [{ createSchedule }, { backupRequestOf }] = await creating()
    await createSchedule('backup', id, await backupRequestOf(options), options)
  })
  pruneRequestOptions(createCommand(create, 'prune', 'Deletes the backups that a rule does not keep.')).action(
    async (id, options) => {
      const [{ createSchedule }, { pruneRequestOf }] = await creating()
      await createSchedule('prune', id, await pruneRequestOf(options), options)
    },
  )
  drillRequestOptions(
    createCommand(create, 'drill', 'Proves the latest backup once more, in a MySQL of its own.'),
  ).action(async (id, options) => {
    const [{ createSchedule }, { drillRequestOf }] = await creating()
    await createSchedule('drill', id, await drillRequestOf(options), options)
  })
}

function createCommand(create: Command, name: string, description: string): Command {
  return policyOptions(timingOptions(scheduleCommand(create, name, description)))
    .addOption(new Option('--task-queue <name>', "the workers'").env('HOLDFAST_TASK_QUEUE').default(DEFAULT_TASK_QUEUE))
    .option('--paused', 'start nothing until it is resumed')
}

async function creating() {
  return await Promise.all([import('./create.ts'), import('./request-options.ts')])
}

function scheduleCommand(parent: Command, name: string, description: string, argument = '<schedule id>'): Command {
  const command = parent.command(name).description(description).addOption(outputOption())
  return argument === '' ? command : command.argument(argument)
}
