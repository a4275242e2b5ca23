import { z } from 'zod'
import { deleteObjectsAnswerSchema } from '../../../src/domain/step-answers.ts'
import { runStep } from '../job/run-step.ts'
import { settings } from '../job/settings.ts'
import { deleteFolder, measureFolder, remotePath } from '../s3/rclone.ts'

const environment = z.object({
  BUCKET: settings.bucket,
  /** One copy of one backup, and never more. */
  PREFIX: z
    .string()
    .regex(
      /^backup[12]\/[0-9A-Za-z][0-9A-Za-z._-]*\/$/,
      'must be one copy of one backup: backup1/<id>/ or backup2/<id>/',
    ),
})

await runStep(
  { name: 'delete-objects', environment, answer: deleteObjectsAnswerSchema },
  async (variables, context) => {
    const path = remotePath(variables.BUCKET, variables.PREFIX)
    const { objects } = await measureFolder(path, context.children)
    if (objects > 0) await deleteFolder(path, context.children)
    context.log(`Deleted ${objects} objects of ${path}.`)
    return { prefix: variables.PREFIX, objects }
  },
)
