import { condition, setHandler } from '@temporalio/workflow'
import { pauseSignal, resumeSignal } from './messages.ts'

/** What a pipeline passes before each step, unless it was paused. */
export class PauseGate {
  #paused = false

  /**
   * From now on the signals are obeyed: those too that came before, at once.
   *
   * @param onChange called after each pause and each resumption
   */
  obey(onChange: () => void): void {
    const set = (paused: boolean) => () => {
      this.#paused = paused
      onChange()
    }
    setHandler(pauseSignal, set(true))
    setHandler(resumeSignal, set(false))
  }

  get paused(): boolean {
    return this.#paused
  }

  /** Waits for as long as the pipeline is paused. */
  async pass(): Promise<void> {
    if (this.#paused) await condition(() => !this.#paused)
  }
}
