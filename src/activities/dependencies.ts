import type { Config } from '../config.ts'
import type { Jobs } from '../kubernetes/job-runner.ts'
import type { Kubernetes } from '../kubernetes/kubernetes-client.ts'

/** What the activities work with: handed in, so that a test can hand in its own. */
export interface Dependencies {
  readonly config: Config
  readonly kubernetes: Kubernetes
  readonly runner: Jobs
}
