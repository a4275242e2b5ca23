const SIGNALS = ['SIGTERM', 'SIGINT'] as const
/** What shells add to a signal's number for the exit code of whom it ended. */
const SIGNAL_NUMBERS = { SIGTERM: 15, SIGINT: 2 } as const
const KILLED_BY_SIGNAL = 128

/**
 * Aborts the returned signal at the first SIGTERM or SIGINT, with the name as its reason. The second one ends the process at
 * once. Node's own handling is not enough: as process 1 of a container, nothing would end it while it starts.
 */
export function listenForStopSignals(): AbortSignal {
  const stop = new AbortController()
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      if (stop.signal.aborted) process.exit(KILLED_BY_SIGNAL + SIGNAL_NUMBERS[signal])
      stop.abort(signal)
    })
  }
  return stop.signal
}
