import { type Command, Option } from 'commander'
import { DEFAULT_TASK_QUEUE } from '../../config.ts'
import { outputOption } from '../backups/bucket-options.ts'
import { examples } from '../examples.ts'
import { policyOptions, provenWithinOption } from './policy-options.ts'
import { backupRequestOptions, drillRequestOptions, pruneRequestOptions } from './request-options.ts'
import { timingOptions } from './timing-options.ts'

/** Adds `create`, with a command for each kind of schedule. */
export function addCreateCommands(schedules: Command): void {
  const create = schedules.command('create').description('Makes one.')
  addBackup(create)
  addPrune(create)
  addDrill(create)
}

function addBackup(create: Command): void {
  const command = createCommand(create, 'backup', 'Backs a database up, and proves it.')
  provenWithinOption(backupRequestOptions(command))
    .addHelpText(
      'after',
      examples(
        'schedule create backup nightly --schema shop --at 02:00 --on mon-sat --time-zone Europe/Berlin',
        'schedule create backup weekly --schema shop archive --encryption age --at 03:00 --on sun --proven-within 8d',
      ),
    )
    .action(async (id, options) => {
      const [{ createSchedule }, { backupRequestOf }] = await creating()
      await createSchedule('backup', id, await backupRequestOf(options), options)
    })
}

function addPrune(create: Command): void {
  pruneRequestOptions(createCommand(create, 'prune', 'Deletes the backups that a rule does not keep.'))
    .addHelpText('after', examples('schedule create prune tidy --daily 14 --weekly 8 --delete --at 05:00'))
    .action(async (id, options) => {
      const [{ createSchedule }, { pruneRequestOf }] = await creating()
      await createSchedule('prune', id, await pruneRequestOf(options), options)
    })
}

function addDrill(create: Command): void {
  drillRequestOptions(createCommand(create, 'drill', 'Proves the latest backup once more, in a MySQL of its own.'))
    .addHelpText('after', examples('schedule create drill monthly --at 06:00 --on 1'))
    .action(async (id, options) => {
      const [{ createSchedule }, { drillRequestOf }] = await creating()
      await createSchedule('drill', id, await drillRequestOf(options), options)
    })
}

function createCommand(create: Command, name: string, description: string): Command {
  const command = create.command(name).description(description).argument('<schedule id>')
  return policyOptions(timingOptions(command))
    .option('--paused', 'start nothing until it is resumed')
    .addOption(new Option('--task-queue <name>', "the workers'").env('HOLDFAST_TASK_QUEUE').default(DEFAULT_TASK_QUEUE))
    .addOption(outputOption())
}

async function creating() {
  return await Promise.all([import('./create.ts'), import('./requests.ts')])
}
