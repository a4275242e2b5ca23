import { Command, Option } from 'commander'
import { InvalidRequestError } from '../domain/backup-request.ts'
import { demo } from './demo.ts'
import { InputError } from './input-error.ts'

const EXIT_FAILED = 1
const EXIT_BAD_INPUT = 2

const program = new Command('holdfast').description(
  'Backs up MySQL on Kubernetes and proves each backup by restoring it.',
)

program
  .command('demo')
  .description('Sets the lab up, backs a database up in it, restores it, and compares.')
  .addOption(new Option('--output <format>', 'what is printed at the end').choices(['table', 'json']).default('table'))
  .addOption(new Option('--cluster <which>', 'whose Kubernetes').choices(['lab', 'current']).default('lab'))
  .option('--workflow-id <id>', "the pipeline's workflow id", 'demo')
  .option('--tables <number>', 'tables that sysbench makes', Number)
  .option('--rows <number>', 'rows in each of them', Number)
  .option('--sql <file>', "your own SQL file in place of sysbench's tables; needs --schema")
  .option('--schema <name>', 'the schema that holds the data')
  .option('--cleanup', 'remove the Kubernetes resources; the bucket stays')
  .action(demo)

program.exitOverride()
try {
  await program.parseAsync()
} catch (error) {
  process.exitCode = exitCodeOf(error)
}

function exitCodeOf(error: unknown): number {
  if (error instanceof Error && 'exitCode' in error) return error.exitCode === 0 ? 0 : EXIT_BAD_INPUT
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  return error instanceof InvalidRequestError || error instanceof InputError ? EXIT_BAD_INPUT : EXIT_FAILED
}
