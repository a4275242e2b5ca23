import { type Command, Option } from 'commander'
import { DEFAULT_TASK_QUEUE } from '../../config.ts'
import { outputOption } from '../backups/bucket-options.ts'
import { examples } from '../examples.ts'
import { sslModeOption } from '../ssl-mode-option.ts'
import type { DoctorOptions } from './doctor-options.ts'

const EXIT_CODES = `
Exit code 0: nothing is wrong. 1: something is; each line says what to do. docs/doctor.md says what is looked at.`

/** Adds `doctor`: whether everything is as a pipeline needs it. */
export function addDoctorCommand(program: Command): void {
  program
    .command('doctor')
    .description('Checks what a pipeline needs, and says what to do about what is wrong.')
    .addOption(new Option('--namespace <name>', 'where the pipelines run').env('HOLDFAST_NAMESPACE').default('s3-test'))
    .addOption(
      new Option('--bucket <name>', 'where the backups lie; by default test-<account id>').env('HOLDFAST_BUCKET'),
    )
    .option('--schema <name...>', 'those that will be backed up; by default all that Holdfast has not restored', [])
    .option('--server <host[:port]>', "this MySQL, not the namespace's own")
    .option('--user <name>', 'who backs up there')
    .option('--password-secret <name>', 'the Secret of the namespace whose key `password` has the password')
    .addOption(sslModeOption())
    .option('--clock-seconds <number>', 'how far two clocks may be apart', Number, 5)
    .option('--patience-seconds <number>', 'for how long a pod, its image or its volume is waited for', Number, 60)
    .option('--fix', "register search attributes that Temporal's namespace lacks")
    .addOption(new Option('--task-queue <name>', "the workers'").env('HOLDFAST_TASK_QUEUE').default(DEFAULT_TASK_QUEUE))
    .addOption(outputOption())
    .addHelpText(
      'after',
      examples('doctor', 'doctor --fix', 'doctor --namespace shop --bucket backups --schema shop --output json'),
    )
    .addHelpText('after', EXIT_CODES)
    // What it needs is loaded with it: Temporal's client takes a second.
    .action(async (options: DoctorOptions) => await (await import('./doctor.ts')).doctor(options))
}
