import { execa } from 'execa'
import { z } from 'zod'
import type { LabFile } from '../lab/lab-file.ts'
import type { StepResult } from '../src/domain/steps.ts'
import { jobName } from '../src/kubernetes/job-identity.ts'
import { loadJobManifest, renderJob } from '../src/kubernetes/job-manifest.ts'
import type { JobOrder, Jobs } from '../src/kubernetes/job-runner.ts'

const WAIT = '--timeout=30m'

const podListSchema = z.object({
  items: z.array(
    z.object({
      status: z.object({
        containerStatuses: z.array(z.object({ state: z.object({ terminated: z.object({ message: z.string() }) }) })),
      }),
    }),
  ),
})

/** Runs the same Jobs as the worker does, by `kubectl apply` and `kubectl wait`: what a shell script would do. */
export class BareJobs implements Pick<Jobs, 'run'> {
  readonly #lab: LabFile

  constructor(lab: LabFile) {
    this.#lab = lab
  }

  /** @throws {ExecaError} where kubectl fails, or the Job does not become complete */
  async run<Answer>(order: JobOrder<Answer>): Promise<StepResult<Answer>> {
    const { identity, settings } = order
    const job = renderJob(await loadJobManifest(order.manifest), identity, 1, settings)
    const name = jobName(identity, 1)
    const namespace = ['--namespace', settings.namespace]
    await this.kubectl(['apply', '--filename', '-'], JSON.stringify(job))
    await this.kubectl([...namespace, 'wait', '--for=condition=complete', `job/${name}`, WAIT])
    const selector = `batch.kubernetes.io/job-name=${name}`
    const pods = await this.kubectl([...namespace, 'get', 'pods', '--selector', selector, '--output', 'json'])
    const message = podListSchema.parse(JSON.parse(pods)).items[0]?.status.containerStatuses[0]?.state.terminated
      .message
    return { jobName: name, attempts: 1, answer: order.answer.parse(JSON.parse(message ?? '')) }
  }

  async kubectl(args: readonly string[], input = ''): Promise<string> {
    const { kubeconfig, context } = this.#lab.kubernetes
    const options = ['--kubeconfig', kubeconfig, '--context', context, ...args]
    const { stdout } = await execa(this.#lab.tools.kubectl, options, { input })
    return stdout
  }
}
