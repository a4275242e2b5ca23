import type { Command } from 'commander'
import { outputOption } from './backups/bucket-options.ts'
import { namespaceOption, taskQueueOption } from './backups/workflow-options.ts'
import { examples } from './examples.ts'

/** Adds `cleanup`. */
export function addCleanupCommand(program: Command): void {
  program
    .command('cleanup')
    .description(
      'Removes what Holdfast made in Kubernetes: MySQL with its data, the Jobs. The bucket and its backups stay.',
    )
    .addOption(namespaceOption())
    .addOption(taskQueueOption())
    .option('--yes', 'really')
    .addOption(outputOption())
    .addHelpText('after', examples('cleanup --namespace s3-test --yes'))
    .action(async (options) => await (await import('./cleanup.ts')).cleanup(options))
}
