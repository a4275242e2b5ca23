import { connectS3, S3Store } from '../../catalog/s3-store.ts'
import type { BucketOptions } from './bucket-options.ts'

/** Runs work on the bucket of the options, and lets go of its connections afterwards. */
export async function withStore<Result>(
  { bucket, pathStyle = false }: Pick<BucketOptions, 'bucket' | 'pathStyle'>,
  work: (store: S3Store) => Promise<Result>,
): Promise<Result> {
  const s3 = await connectS3(process.env, pathStyle)
  try {
    return await work(new S3Store(s3, bucket))
  } finally {
    s3.destroy()
  }
}
