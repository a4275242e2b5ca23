import type { Informer, KubernetesObject } from '@kubernetes/client-node'

const RESTART_MIN_MILLISECONDS = 500
const RESTART_MAX_MILLISECONDS = 15_000

/**
 * Starts an informer, and starts it again each time that it stops at an error, ever more seldom while nothing comes. The client's
 * own stops for good, and starts at once when asked to.
 *
 * @returns stops the informer
 */
export function keepInforming<T extends KubernetesObject>(informer: Informer<T>): () => Promise<void> {
  let wait = RESTART_MIN_MILLISECONDS
  let isStopped = false
  // Not on 'connect', which it says before it has tried.
  informer.on('change', () => {
    wait = RESTART_MIN_MILLISECONDS
  })
  const restart = (): void => {
    if (isStopped) return
    const jitter = 0.5 + Math.random()
    setTimeout(() => {
      if (!isStopped) informer.start().catch(restart)
    }, wait * jitter).unref()
    wait = Math.min(wait * 2, RESTART_MAX_MILLISECONDS)
  }
  informer.on('error', restart)
  // It rejects where it has no credentials to ask with, and says that in no event.
  informer.start().catch(restart)
  return async () => {
    isStopped = true
    await informer.stop()
  }
}
