import {
  type Client,
  isGrpcServiceError,
  ScheduleAlreadyRunning,
  ScheduleNotFoundError,
  ServiceError,
} from '@temporalio/client'
import { InputError } from '../input-error.ts'
import { withTemporal } from '../with-temporal.ts'

/**
 * Runs work on Temporal's schedules.
 *
 * @throws {InputError} where Temporal says that what it was told is wrong
 * @throws {Error} where there is no such schedule, or Temporal does not do it
 */
export async function withSchedules<Result>(work: (client: Client) => Promise<Result>): Promise<Result> {
  return await withTemporal((client) => explaining(() => work(client)))
}

/** The SDK's own errors name a call, not what a person has to do. */
export async function explaining<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    throw explained(error)
  }
}

function explained(error: unknown): unknown {
  if (error instanceof ScheduleAlreadyRunning) {
    return new InputError(`There is a schedule ${error.scheduleId} already. Change it: holdfast schedule update.`)
  }
  if (error instanceof ScheduleNotFoundError) {
    return new Error(`There is no schedule ${error.scheduleId}. Which there are: holdfast schedule list.`)
  }
  // So the SDK tells of times that the server does not understand.
  if (error instanceof TypeError && error.stack?.includes('schedule-client')) {
    return new InputError(`Temporal does not understand when the schedule is due: ${error.message}`)
  }
  if (error instanceof ServiceError && isGrpcServiceError(error.cause)) {
    return new Error(`Temporal: ${error.cause.details || error.cause.message}`)
  }
  return error
}
