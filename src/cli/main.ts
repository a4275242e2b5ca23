import { Command, CommanderError, Option } from 'commander'
import { addBackupsCommands } from './backups/backups-command.ts'
import type { DemoOptions } from './demo-options.ts'
import { exitCodeOf } from './exit-code.ts'

const program = new Command('holdfast').description(
  'Backs up MySQL on Kubernetes and proves each backup by restoring it.',
)

// Before the commands are made: they inherit it.
program.exitOverride()
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
  .option(
    '--restore-suffix <text>',
    "what is appended to a schema's name where it is restored to prove it; by default _restored",
  )
  .option('--cleanup', 'remove the Kubernetes resources; the bucket stays')
  // What a command needs is loaded with it: Temporal's and Kubernetes' clients take a second and 100 MB.
  .action(async (options: DemoOptions) => await (await import('./demo.ts')).demo(options))
addBackupsCommands(program)

// Whoever reads may have read enough: `holdfast backups list | head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit()
})

try {
  await program.parseAsync()
} catch (error) {
  // Commander has said what was wrong by itself.
  if (!(error instanceof CommanderError)) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  }
  process.exitCode = exitCodeOf(error)
}
