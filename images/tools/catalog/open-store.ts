import { RecordError } from '../../../src/catalog/catalog.ts'
import { connectS3, S3Store } from '../../../src/catalog/s3-store.ts'
import { StepError } from '../job/step-error.ts'
import { s3Failure } from '../s3/s3-failure.ts'

/** The bucket as the pod reaches it, by the same settings as rclone. */
export async function openStore(bucket: string): Promise<S3Store> {
  const forcePathStyle = process.env.RCLONE_CONFIG_S3_FORCE_PATH_STYLE === 'true'
  return new S3Store(await connectS3(process.env, forcePathStyle), bucket)
}

/**
 * Runs what asks S3, and throws what comes of it as a failure of the step: S3's refusals, and a way to it that breaks.
 *
 * @throws {StepError} one of {@link s3Failure}
 * @throws {RecordError} as it is
 */
export async function asStep<Result>(what: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof StepError || error instanceof RecordError) throw error
    throw s3Failure(what, [error instanceof Error ? `${error.name}: ${error.message}` : String(error)], error)
  }
}
