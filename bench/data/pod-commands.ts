import { randomUUID } from 'node:crypto'
import { backupIdOf } from '../../src/domain/names.ts'
import { loadJobManifest } from '../../src/kubernetes/job-manifest.ts'
import type { ToolsPod } from '../../test/support/tools-pod.ts'

export const SCHEMA = 'bench'

/** The steps that are measured, by the names of their manifests. */
export type MeasuredStep = 'dump' | 'upload' | 'dump-and-upload' | 'copy' | 'restore' | 'verify'

/** How the clients of MySQL log in: by a file that only the pod has. */
const LOGIN =
  'O=--defaults-file=/tmp/my.cnf; printf "[client]\\nhost=%s\\nuser=%s\\npassword=%s\\n" "$MYSQL_HOST" "$MYSQL_USER" "$(cat /run/secrets/mysql/password)" > /tmp/my.cnf; '

/** What is run in the pod: the steps as their manifests run them, and whatever else. */
export class PodCommands {
  readonly #pod: ToolsPod
  readonly #environment: Readonly<Record<string, string>>

  /** For one backup, of {@link SCHEMA}. */
  constructor(pod: ToolsPod, bucket: string, threads: number) {
    this.#pod = pod
    this.#environment = environmentOf(bucket, threads)
  }

  /**
   * Runs a step.
   *
   * @param changes in its environment
   * @param beside a command that runs it in its own way
   * @returns what it printed
   */
  async step(
    name: MeasuredStep,
    changes: Readonly<Record<string, string>> = {},
    beside: readonly string[] = [],
  ): Promise<string> {
    return await this.#pod.run([...beside, ...this.#inEnvironment(changes, await readCommand(name))])
  }

  /** Runs a script, for which `$O` logs in to MySQL. Any program that fails fails it, also within a pipe. */
  async shell(script: string, changes: Readonly<Record<string, string>> = {}): Promise<void> {
    await this.#pod.run(this.#inEnvironment(changes, ['bash', '-eo', 'pipefail', '-c', `${LOGIN}${script}`]))
  }

  #inEnvironment(changes: Readonly<Record<string, string>>, command: readonly string[]): string[] {
    const variables = Object.entries({ ...this.#environment, ...changes })
    return ['env', ...variables.map(([name, value]) => `${name}=${value}`), ...command]
  }
}

function environmentOf(bucket: string, threads: number): Record<string, string> {
  const run = { workflowId: 'bench', runId: randomUUID() }
  return {
    BACKUP_ID: backupIdOf(new Date(), randomUUID()),
    BUCKET: bucket,
    SCHEMAS: JSON.stringify([SCHEMA]),
    SCHEMA_MAPPING: JSON.stringify({ [SCHEMA]: `${SCHEMA}_restored` }),
    THREADS: String(threads),
    BACKUP_DIRECTORY: '/tmp/backup',
    SCRATCH_DIRECTORY: '/tmp/scratch',
    ORIGIN: JSON.stringify({ pipeline: run, request: {}, steps: [] }),
    PIPELINE: JSON.stringify(run),
    // The role of pods may not make a bucket, which rclone would do to be sure of it.
    RCLONE_S3_NO_CHECK_BUCKET: 'true',
  }
}

/** With which the pod of a Job runs a step. */
async function readCommand(step: MeasuredStep): Promise<readonly string[]> {
  const { spec } = await loadJobManifest(step)
  const command = spec?.template.spec?.containers[0]?.command
  if (!command) throw new Error(`The manifest ${step} has no command.`)
  return command
}
