import { type Command, Option } from 'commander'
import type { Decision } from '../../domain/decision.ts'
import { outputOption } from '../backups/bucket-options.ts'
import { taskQueueOption, workflowIdOption } from '../backups/workflow-options.ts'
import { examples } from '../examples.ts'
import { OUTCOMES } from './outcomes.ts'
import { addRequestOptions } from './request-options.ts'

const ANSWERS = ['retry', 'undo', 'keep'] as const satisfies readonly Decision['action'][]

/** Adds `backup`: pipelines, each of which makes one backup and proves it. */
export function addBackupCommands(program: Command): void {
  const backup = program
    .command('backup')
    .description('Makes a backup; follows pipelines, restores and drills while they run.')
  addStartCommand(backup)
  addStatusCommand(backup)
  pipelineCommand(backup, 'watch')
    .description('Shows each step as it runs, then how it ended. It may be stopped and started again.')
    .addHelpText('after', examples('backup watch nightly', 'backup watch nightly --output json --quiet'))
    .action(async (id, options) => await (await import('./watch.ts')).watch(id, options))
  pipelineCommand(backup, 'pause')
    .description('Has it wait before its next step. The step that runs is not touched.')
    .addHelpText('after', examples('backup pause nightly'))
    .action(async (id, options) => await (await import('./pause.ts')).pause(id, options))
  pipelineCommand(backup, 'resume')
    .description('Ends a pause.')
    .addHelpText('after', examples('backup resume nightly'))
    .action(async (id, options) => await (await import('./pause.ts')).resume(id, options))
  pipelineCommand(backup, 'decide')
    .description('Answers one that asks what to do about a step that failed (--on-failure ask).')
    .addArgument(
      backup
        .createArgument('<answer>', 'run the step once more, take all back, or leave all as it is')
        .choices(ANSWERS),
    )
    .option('--memory-limit <quantity>', "with retry: the Job's, as in 2Gi")
    .option('--deadline-seconds <number>', "with retry: the Job's", Number)
    .addHelpText('after', examples('backup decide nightly retry --memory-limit 2Gi', 'backup decide nightly undo'))
    .action(async (id, action, options) => await (await import('./decide.ts')).decide(id, action, options))
  pipelineCommand(backup, 'cancel')
    .description('Ends it. What it made is taken back, but for a backup that has its record.')
    .option('--no-wait', 'do not wait until that is done')
    .addHelpText('after', examples('backup cancel nightly', 'backup cancel nightly --no-wait'))
    .action(async (id, options) => await (await import('./cancel.ts')).cancel(id, options))
}

function addStartCommand(backup: Command): void {
  addRequestOptions(backup.command('start'))
    .description('Has a worker back schemas up, and prove the backup by restoring it.')
    .addOption(workflowIdOption())
    .addOption(taskQueueOption())
    .option('--watch', 'follow it to its end')
    .addOption(outputOption())
    .addHelpText(
      'after',
      examples(
        'backup start --namespace shop --schema shop archive --watch',
        'backup start --schema shop --on-failure ask --workflow-id before-the-upgrade',
        'backup start --request nightly.yaml --threads 8',
        'backup start --sample-data sysbench --watch',
      ),
    )
    .action(async (options, command) => await (await import('./start.ts')).start(options, command))
}

function addStatusCommand(backup: Command): void {
  backup
    .command('status')
    .description(
      'Without a workflow id: which there are, those that run first. With one: where it stands, by its steps.',
    )
    .argument('[workflow id]')
    .addOption(runIdOption())
    .addOption(new Option('--outcome <outcome>', 'only such').choices(OUTCOMES))
    .option('--limit <number>', 'so many at most', Number, 20)
    .addOption(outputOption())
    .addHelpText('after', examples('backup status', 'backup status --outcome asking', 'backup status nightly'))
    .action(async (id, options) => await (await import('./status.ts')).status(id, options))
}

/** A command about one pipeline, restore or drill. */
function pipelineCommand(backup: Command, name: string): Command {
  return backup
    .command(name)
    .argument('<workflow id>', 'of a pipeline, a restore or a drill')
    .addOption(runIdOption())
    .addOption(outputOption())
}

function runIdOption(): Option {
  return new Option('--run-id <id>', 'of an earlier run of that workflow; by default the latest')
}
