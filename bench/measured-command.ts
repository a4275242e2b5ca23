import { readFile } from 'node:fs/promises'
import { execa } from 'execa'
import { awsEnvironment } from '../test/lab/aws/support/aws-caller.ts'
import type { StandIn } from '../test/lab/aws/support/stand-in.ts'

const LOOK_MILLISECONDS = 5
const KIBIBYTE = 1024

/** One run of a command: from its start to its end, and the most that was resident, as the kernel tells it. */
export interface Run {
  readonly seconds: number
  readonly bytes: number
}

/** Runs Node and measures it. */
export async function measuredRun(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<Run> {
  const start = performance.now()
  const subprocess = execa(process.execPath, args, { env: environment })
  let bytes = 0
  const looking = setInterval(() => {
    readFile(`/proc/${subprocess.pid}/status`, 'utf8').then(
      (status) => {
        bytes = Math.max(bytes, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) * KIBIBYTE)
      },
      () => undefined,
    )
  }, LOOK_MILLISECONDS)
  await subprocess.finally(() => clearInterval(looking))
  return { seconds: (performance.now() - start) / 1000, bytes }
}

/** With which a command finds a bucket of a stand-in. */
export function environmentOf(
  { admin, endpoint, caFile }: Pick<StandIn, 'admin' | 'endpoint' | 'caFile'>,
  bucket: string,
): Record<string, string> {
  return {
    ...awsEnvironment(endpoint, caFile),
    AWS_ACCESS_KEY_ID: admin.accessKeyId,
    AWS_SECRET_ACCESS_KEY: admin.secretAccessKey,
    HOLDFAST_BUCKET: bucket,
    HOLDFAST_S3_PATH_STYLE: 'true',
  }
}
