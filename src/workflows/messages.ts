import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow'
import { EXPECT_SIGNAL, PROVEN_SIGNAL } from '../domain/database-proof.ts'
import type { Decision } from '../domain/decision.ts'
import type { PipelineProgress } from '../domain/progress.ts'

/** Where a pipeline stands: `temporal workflow query --type progress`. */
export const progressQuery = defineQuery<PipelineProgress>('progress')

/**
 * The same, and how far each step is that runs. It is an update, so that a client can start a pipeline, or find the one that
 * runs, and be told in one call.
 */
export const progressUpdate = defineUpdate<PipelineProgress>('progress')

/** Has a pipeline wait before its next step. The step that runs is not touched. */
export const pauseSignal = defineSignal('pause')

export const resumeSignal = defineSignal('resume')

/** Answers the question of a pipeline that waits for an operator. Refused where there is none. */
export const decideUpdate = defineUpdate<Decision, [unknown]>('decide')

/** Ends a database's lock. */
export const releaseSignal = defineSignal('release')

/** Tells a database's proof of a backup that was proven. */
export const provenSignal = defineSignal<[unknown]>(PROVEN_SIGNAL)

/** Tells it how young a proof has to be. */
export const expectSignal = defineSignal<[unknown]>(EXPECT_SIGNAL)
