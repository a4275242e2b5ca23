import { IllegalStateError } from '@temporalio/common'
import { DefaultLogger, Runtime } from '@temporalio/worker'

/**
 * Has Temporal's SDK tell warnings and failures alone, not each worker that begins and ends, nor each step that is done. To be called before
 * there is a connection or a worker in this process. A test that has said already what it wants to hear is left alone.
 */
export function quietRuntime(): void {
  try {
    Runtime.install({ logger: new DefaultLogger('WARN') })
  } catch (error) {
    if (!(error instanceof IllegalStateError)) throw error
  }
}
