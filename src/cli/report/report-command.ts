import { type Command, Option } from 'commander'
import { DEFAULT_TASK_QUEUE } from '../../config.ts'
import { bucketOption, pathStyleOption } from '../backups/bucket-options.ts'
import { examples } from '../examples.ts'
import { ruleOptions } from '../retention-options.ts'

/** Adds `report`: one page that says of every database whether its backups are proven. */
export function addReportCommand(program: Command): void {
  const report = program
    .command('report')
    .description('Writes one HTML page: databases, proofs, nights, sizes, drills, failures, space.')
    .addOption(bucketOption())
    .addOption(pathStyleOption())
    .option('--file <path>', 'where it is written; - is standard output', 'holdfast-report.html')
    .addOption(
      new Option('--time-zone <name>', 'in which days begin, as in Europe/Berlin')
        .env('HOLDFAST_REPORT_TIME_ZONE')
        .default('UTC'),
    )
    .option('--proven-within <duration>', 'how young a proof has to be where no schedule says it', '26h')
    .addOption(new Option('--task-queue <name>', "the workers'").env('HOLDFAST_TASK_QUEUE').default(DEFAULT_TASK_QUEUE))
    .option('--no-temporal', 'ask the bucket alone: what failed and what restores took is left out')
    .option('--no-cache', 'read every record anew, also those that an earlier report has read')
  ruleOptions(report)
    .addHelpText(
      'after',
      '\nThe rule is shown with what it keeps; nothing is deleted. Rules of schedules are found by themselves.',
    )
    .addHelpText(
      'after',
      examples('report', 'report --file - --time-zone Europe/Berlin', 'report --daily 14 --monthly 12'),
    )
    .action(async (options) => await (await import('./report.ts')).report(options))
}
