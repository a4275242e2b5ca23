import { Command, Option } from 'commander'
import { addBackupCommands } from './backup/backup-command.ts'
import { addBackupsCommands } from './backups/backups-command.ts'
import { outputOption } from './backups/bucket-options.ts'
import { addPruneCommand } from './backups/prune-command.ts'
import { addRestoreCommand } from './backups/restore-command.ts'
import { addCleanupCommand } from './cleanup-command.ts'
import { addCompletionCommands } from './completion/completion-command.ts'
import type { DemoOptions } from './demo-options.ts'
import { addDoctorCommand } from './doctor/doctor-command.ts'
import { examples } from './examples.ts'
import { EXIT_CODES } from './exit-code.ts'
import { addNotifyCommands } from './notify/notify-command.ts'
import { setQuiet } from './print.ts'
import { addReplayCommand } from './replay/replay-command.ts'
import { addReportCommand } from './report/report-command.ts'
import { addScheduleCommands } from './schedule/schedule-commands.ts'
import { applySettings } from './settings/apply-settings.ts'

/** Have nothing to do with anybody's bucket or Temporal: the demo has its own. */
const WITHOUT_SETTINGS: readonly string[] = ['demo', 'completion', 'complete']

/**
 * All commands, as they are typed. What a command needs is loaded with it: the clients of Temporal, Kubernetes and S3 take a second and
 * 100 MB.
 */
export function buildProgram(): Command {
  const program = new Command('holdfast').description(
    'Backs up MySQL on Kubernetes and proves each backup by restoring it.',
  )
  // Before the commands are made: they inherit it.
  program
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError('Say --help to see what there is.')
  program
    .addOption(
      new Option('--config <file>', 'settings; by default ./holdfast.yaml, where it is there').env('HOLDFAST_CONFIG'),
    )
    .addOption(new Option('-q, --quiet', 'say nothing but the result, and what went wrong').env('HOLDFAST_QUIET'))
    .addHelpText('after', exitCodesText())
    .hook('preSubcommand', async (_, command) => {
      if (!WITHOUT_SETTINGS.includes(command.name())) await applySettings(program, command)
      setQuiet(program.opts<{ quiet?: boolean }>().quiet === true)
    })
  addDemoCommand(program)
  addBackupCommands(program)
  addBackupsCommands(program)
  addRestoreCommand(program)
  addPruneCommand(program)
  addScheduleCommands(program)
  addReportCommand(program)
  addDoctorCommand(program)
  addNotifyCommands(program)
  addReplayCommand(program)
  addCleanupCommand(program)
  addCompletionCommands(program)
  return program
}

function addDemoCommand(program: Command): void {
  program
    .command('demo')
    .description('Sets the lab up, backs a database up in it, restores it, and compares.')
    .addOption(outputOption())
    .addOption(
      new Option('--cluster <which>', 'whose Kubernetes').choices(['lab', 'current', 'compose']).default('lab'),
    )
    .addOption(
      new Option('--worker <where>', 'where the worker runs: beside the command, or in the cluster from its own image')
        .choices(['process', 'cluster'])
        .default('process'),
    )
    .option('--workflow-id <id>', "the pipeline's workflow id", 'demo')
    .option('--tables <number>', 'tables that sysbench makes', Number)
    .option('--rows <number>', 'rows in each of them', Number)
    .option('--sql <file>', "your own SQL file in place of sysbench's tables; needs --schema")
    .option('--schema <name>', 'the schema that holds the data')
    .option(
      '--restore-suffix <text>',
      "what is appended to a schema's name where it is restored to prove it; by default _restored",
    )
    .option('--cleanup', 'remove the Kubernetes resources; the bucket stays')
    .addHelpText('after', examples('demo', 'demo --sql shop.sql --schema shop', 'demo --cleanup'))
    .action(async (options: DemoOptions) => await (await import('./demo.ts')).demo(options))
}

function exitCodesText(): string {
  const lines = Object.entries(EXIT_CODES).map(([code, meaning]) => `  ${code.padEnd(4)} ${meaning}`)
  return ['', 'Exit codes:', ...lines].join('\n')
}
