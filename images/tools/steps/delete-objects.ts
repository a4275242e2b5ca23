import { z } from 'zod'
import { backupIdSchema } from '../../../src/domain/names.ts'
import { deleteObjectsAnswerSchema } from '../../../src/domain/step-answers.ts'
import { assertNotSealed } from '../catalog/assert-not-sealed.ts'
import { openStore } from '../catalog/open-store.ts'
import { runStep } from '../job/run-step.ts'
import { json, settings } from '../job/settings.ts'
import { deleteFolder, measureFolder, remotePath } from '../s3/rclone.ts'

const environment = z.object({
  BUCKET: settings.bucket,
  /** Parts of one backup, and never more. They are deleted in this order, unless the backup has a record. */
  PREFIXES: json(
    z
      .array(
        z
          .string()
          .regex(
            /^(?:backup[12]|catalog)\/[0-9A-Za-z][0-9A-Za-z._-]*\/$/,
            'must be a part of one backup: backup1/<id>/, backup2/<id>/ or catalog/<id>/',
          ),
      )
      .min(1),
  ),
})

await runStep(
  { name: 'delete-objects', environment, answer: deleteObjectsAnswerSchema() },
  async (variables, context) => {
    const store = await openStore(variables.BUCKET)
    const backupIds = variables.PREFIXES.map((prefix) => backupIdSchema().parse(prefix.split('/')[1]))
    for (const backupId of new Set(backupIds)) await assertNotSealed(store, backupId)
    let deleted = 0
    for (const prefix of variables.PREFIXES) {
      const path = remotePath(variables.BUCKET, prefix)
      const { objects } = await measureFolder(path, context.children)
      if (objects > 0) await deleteFolder(path, context.children)
      context.log(`Deleted ${objects} objects of ${path}.`)
      deleted += objects
    }
    return { prefixes: variables.PREFIXES, objects: deleted }
  },
)
