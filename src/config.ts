import { z } from 'zod'

/** The task queue of pipelines, unless the environment says otherwise. */
export const DEFAULT_TASK_QUEUE = 'holdfast'

const configSchema = z.object({
  HOLDFAST_TASK_QUEUE: z.string().min(1).default(DEFAULT_TASK_QUEUE),
  /** Where the provision step's Job runs, and whose settings for AWS the Jobs of all namespaces take. */
  HOLDFAST_CONTROL_NAMESPACE: z.string().min(1).default('holdfast'),
  HOLDFAST_TOOLS_IMAGE: z.string().min(1),
  HOLDFAST_TERRAFORM_IMAGE: z.string().min(1),
  HOLDFAST_MYSQL_IMAGE: z.string().min(1).default('percona/percona-server:8.0'),
})

/** The worker's settings. Temporal's own (`TEMPORAL_ADDRESS`, ...) are read by its SDK, `KUBECONFIG` by Kubernetes' client. */
export interface Config {
  readonly taskQueue: string
  readonly controlNamespace: string
  readonly images: { readonly tools: string; readonly terraform: string; readonly mysql: string }
}

/**
 * Reads the worker's settings from the environment, once, at its start.
 *
 * @throws {Error} naming each variable that is missing or wrong
 */
export function readConfig(environment: NodeJS.ProcessEnv): Config {
  const parsed = configSchema.safeParse(environment)
  if (!parsed.success) throw new Error(`The worker's environment is not complete.\n${z.prettifyError(parsed.error)}`)
  const variables = parsed.data
  return {
    taskQueue: variables.HOLDFAST_TASK_QUEUE,
    controlNamespace: variables.HOLDFAST_CONTROL_NAMESPACE,
    images: {
      tools: variables.HOLDFAST_TOOLS_IMAGE,
      terraform: variables.HOLDFAST_TERRAFORM_IMAGE,
      mysql: variables.HOLDFAST_MYSQL_IMAGE,
    },
  }
}
