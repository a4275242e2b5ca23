import { defineQuery } from '@temporalio/workflow'
import type { PipelineProgress } from '../domain/progress.ts'

/** Where a pipeline stands: `temporal workflow query --type progress`. */
export const progressQuery = defineQuery<PipelineProgress>('progress')
