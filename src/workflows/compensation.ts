import { ActivityFailure, ApplicationFailure, CancellationScope, log, patched } from '@temporalio/workflow'
import type { UndoName } from '../domain/steps.ts'
import { SEALED_MEANWHILE } from './patches.ts'

export interface Undone {
  readonly undone: readonly UndoName[]
  readonly notUndone: readonly { readonly name: UndoName; readonly why: string }[]
  /** What was left because an operator wanted it so, or because it is of a backup that has its record. */
  readonly kept?: readonly UndoName[]
}

/** What a pipeline has to take back if it fails, newest first. Each step pushes its undo before it starts. */
export class Compensation {
  #stack: { readonly name: UndoName; readonly undo: () => Promise<void> }[] = []

  push(name: UndoName, undo: () => Promise<void>): void {
    this.#stack.push({ name, undo })
  }

  /** What these would take back stays. */
  keep(...names: readonly UndoName[]): void {
    this.#stack = this.#stack.filter(({ name }) => !names.includes(name))
  }

  /** What would be taken back, newest first. */
  get names(): readonly UndoName[] {
    return this.#stack.map(({ name }) => name).toReversed()
  }

  /** Takes everything back, also in a cancelled pipeline. An undo that fails is reported and does not stop the others. */
  async unwind(): Promise<Undone> {
    const undone: UndoName[] = []
    const notUndone: { name: UndoName; why: string }[] = []
    const kept: UndoName[] = []
    await CancellationScope.nonCancellable(async () => {
      for (const { name, undo } of this.#stack.toReversed()) {
        try {
          await undo()
          undone.push(name)
        } catch (error) {
          // The step that seals a backup may have come to its end while it was told to stop.
          if (isOfSealedBackup(error) && patched(SEALED_MEANWHILE)) {
            kept.push(name)
            continue
          }
          const why = rootMessage(error)
          log.error('An undo failed', { undo: name, why })
          notUndone.push({ name, why })
        }
      }
    })
    return { undone, notUndone, ...(kept.length > 0 && { kept }) }
  }
}

function isOfSealedBackup(error: unknown): boolean {
  return (
    error instanceof ActivityFailure && error.cause instanceof ApplicationFailure && error.cause.type === 'BackupSealed'
  )
}

/** The message of the innermost cause: Temporal wraps what an activity threw. */
export function rootMessage(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? rootMessage(error.cause) : error.message
}
