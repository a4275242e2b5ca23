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
    .addOption(namespaceOption())
    .option('--backup-of <namespace>', 'whose `latest` backup; by default that of the same namespace')
    .addOption(new Option('--copy <folder>', 'which copy is read').choices(['backup1', 'backup2']).default('backup2'))
    .option('--threads <number>', 'downloads and loads at a time', Number)
    .addOption(workflowIdOption())
    .addOption(taskQueueOption())
    .addOption(outputOption())
}

export function namespaceOption(): Option {
  return new Option('--namespace <name>', 'the namespace of Kubernetes where the Jobs run, and MySQL')
    .env('HOLDFAST_NAMESPACE')
    .default('s3-test')
}

export function workflowIdOption(): Option {
  return new Option('--workflow-id <id>', "the workflow's id; by default one of its own")
}

export function taskQueueOption(): Option {
  return new Option('--task-queue <name>', "the workers'").env('HOLDFAST_TASK_QUEUE').default(DEFAULT_TASK_QUEUE)
}
