import { z } from 'zod'
import { isToGo, pruneBackups } from '../../../src/catalog/prune-backups.ts'
import { backupIdSchema } from '../../../src/domain/names.ts'
import { retentionRuleSchema } from '../../../src/domain/retention.ts'
import { pruneBackupsAnswerSchema } from '../../../src/domain/step-answers.ts'
import { asStep, openStore } from '../catalog/open-store.ts'
import { runStep } from '../job/run-step.ts'
import { json, settings } from '../job/settings.ts'
import { answerThatFits } from '../job/termination-message.ts'

const environment = z.object({
  BUCKET: settings.bucket,
  RULE: json(retentionRuleSchema()),
  HOLD: json(z.array(backupIdSchema())),
  MODE: z.enum(['plan', 'delete']),
})

await runStep(
  { name: 'prune-backups', environment, answer: pruneBackupsAnswerSchema() },
  async ({ BUCKET, RULE, HOLD, MODE }, { log }) => {
    const store = await openStore(BUCKET)
    const decisions = await asStep('Pruning', () => pruneBackups(store, RULE, HOLD, MODE, new Date()))
    for (const { backup, keptFor } of decisions) log(`${backup.backupId}: ${keptFor.join(', ') || 'to be deleted'}`)
    const gone = decisions.filter(isToGo).map(({ backup }) => backup.backupId)
    const base = { mode: MODE, kept: decisions.length - gone.length, deleted: gone.length }
    return answerThatFits(gone.length, (count) => ({ ...base, backups: gone.slice(0, count) }))
  },
)
