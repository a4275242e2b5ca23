import { DATA_FOLDERS } from '../../../src/catalog/catalog-keys.ts'
import type { Store } from '../../../src/catalog/s3-store.ts'
import { asStep } from '../catalog/open-store.ts'
import type { Children } from '../job/children.ts'
import { StepError } from '../job/step-error.ts'
import { copyObject, remotePath } from '../s3/rclone.ts'

/** Where the test objects lie: in the folders of the data, by a name that no backup has. No listing of backups shows them. */
const TRIAL_FOLDER = 'doctor'

/**
 * Does with a small object what a pipeline does with a backup: lists, puts what is not there, has S3 copy it, reads the copy, deletes
 * both.
 *
 * @param trial names the objects: no other trial has it
 * @throws {StepError} naming what is not allowed
 */
export async function tryBucket(store: Store, bucket: string, trial: string, children: Children): Promise<void> {
  const [key, copy] = DATA_FOLDERS.map((folder) => `${folder}${TRIAL_FOLDER}/${trial}`)
  if (key === undefined || copy === undefined) throw new Error('A backup has two copies.')
  await asStep(`Listing ${bucket}`, () => listSome(store, `${DATA_FOLDERS[0]}${TRIAL_FOLDER}/`))
  await asStep(`Putting ${key} into ${bucket}`, () => store.create(key, trial))
  try {
    await copyObject(remotePath(bucket, key), remotePath(bucket, copy), children)
    const text = await asStep(`Reading ${copy} of ${bucket}`, () => store.readText(copy))
    if (text !== trial) throw notTheSame(bucket, copy)
  } catch (error) {
    // What is to be told is why it came to this.
    await store.delete([key, copy]).catch(() => undefined)
    throw error
  }
  await asStep(`Deleting ${key} and ${copy} of ${bucket}`, () => store.delete([key, copy]))
}

/** One request, whatever there is. */
async function listSome(store: Store, prefix: string): Promise<void> {
  for await (const _ of store.list(prefix)) return
}

function notTheSame(bucket: string, key: string): StepError {
  return new StepError({
    type: 'NotTheSame',
    message: `What was read of ${key} in ${bucket} is not what was written there a moment before.`,
    remedy: 'See what else writes there, and whether the endpoint is S3.',
    retryable: true,
  })
}
