import { type Command, Option } from 'commander'
import { DEFAULT_TASK_QUEUE } from '../../config.ts'
import { bucketOption, outputOption } from './bucket-options.ts'

/**
 * A command that has a worker do something with a backup. It asks S3 for nothing itself. Temporal is found as its own tools find it.
 */
export function workflowCommand(parent: Command, name: string): Command {
  return parent
    .command(name)
    .argument('[backup id]', 'or `latest`: the newest that is proven', 'latest')
    .addOption(bucketOption())
    .addOption(
      new Option('--namespace <name>', "where the worker's Jobs run").env('HOLDFAST_NAMESPACE').default('s3-test'),
    )
    .option('--backup-of <namespace>', 'whose `latest` backup; by default that of the same namespace')
    .addOption(new Option('--copy <folder>', 'which copy is read').choices(['backup1', 'backup2']).default('backup2'))
    .option('--threads <number>', 'downloads and loads at a time', Number)
    .option('--workflow-id <id>', "the workflow's id; by default one of its own")
    .addOption(new Option('--task-queue <name>', "the workers'").env('HOLDFAST_TASK_QUEUE').default(DEFAULT_TASK_QUEUE))
    .addOption(outputOption())
}
