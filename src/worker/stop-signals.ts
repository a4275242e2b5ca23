const SIGNALS = ['SIGTERM', 'SIGINT'] as const
const SIGNAL_NUMBERS = { SIGTERM: 15, SIGINT: 2 } as const
/** What shells add to a signal's number for the exit code of whom it ended. */
const KILLED_BY_SIGNAL = 128
/** Ctrl-C reaches the worker from the terminal and again from npm or the demo, which pass it on: that is one order. */
const SAME_ORDER_MILLISECONDS = 1000

/**
 * Aborts the returned signal at the first SIGTERM or SIGINT, with the name as its reason. The second order ends the process at
 * once. Node's own handling is not enough: as process 1 of a container, nothing would end it while it starts.
 */
export function listenForStopSignals(): AbortSignal {
  const stop = new AbortController()
  let orderedAt = 0
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      if (!stop.signal.aborted) {
        orderedAt = performance.now()
        stop.abort(signal)
      } else if (performance.now() - orderedAt >= SAME_ORDER_MILLISECONDS) {
        process.exit(KILLED_BY_SIGNAL + SIGNAL_NUMBERS[signal])
      }
    })
  }
  return stop.signal
}
