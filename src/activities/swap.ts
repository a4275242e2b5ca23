import { z } from 'zod'
import { swapAnswerSchema } from '../domain/step-answers.ts'
import type { RestoreActivities, SwapInput } from '../domain/step-inputs.ts'
import type { Dependencies } from './dependencies.ts'
import { mysqlSettings } from './mysql-settings.ts'
import { currentPipeline, runJob } from './run-job.ts'

/** What the way back answers: nothing is asked of it but that it ended well. */
const doneSchema = z.looseObject({})

/** The activities that exchange schemas for restored ones, and make them again what they were. */
export function createSwap({ config, runner }: Dependencies): Pick<RestoreActivities, 'swap' | 'swapBack'> {
  const settingsOf = (input: SwapInput, own: Readonly<Record<string, string>>) => {
    const mysql = mysqlSettings(input.server)
    const both = { SCHEMA_MAPPING: JSON.stringify(input.schemaMapping), PIPELINE: JSON.stringify(currentPipeline()) }
    return { ...mysql, namespace: input.namespace, image: config.images.tools, env: { ...mysql.env, ...both, ...own } }
  }
  return {
    swap: async (input) => {
      const { backupId, bucket, copy } = input
      return await runJob(runner, input, {
        purpose: 'swap',
        manifest: 'swap',
        settings: settingsOf(input, { BACKUP_ID: backupId, BUCKET: bucket, COPY: copy }),
        answer: swapAnswerSchema(),
      })
    },
    swapBack: async (input) => {
      const settings = settingsOf(input, {})
      await runJob(runner, input, { purpose: 'swapBack', manifest: 'swap-back', settings, answer: doneSchema })
    },
  }
}
