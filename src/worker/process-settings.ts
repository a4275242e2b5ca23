/**
 * How Node is started for a worker. By itself it lets garbage grow to several times what is in use before it collects it, in the
 * main thread and in that of the workflows; here to a fifth more. The heap's limit is in MB; it was enough for 1,499 Jobs at a
 * time, the most that was measured. docs/performance.md has what each of these settings saves and costs.
 */
export const WORKER_NODE_FLAGS: readonly string[] = [
  '--max-old-space-size=512',
  '--max-semi-space-size=4',
  '--heap-growing-percent=20',
]

/**
 * Environment of a worker's process: how glibc gives memory back to the kernel. By itself it spreads the threads of Temporal's core
 * over up to eight arenas a processor, and raises the size at which it trims one with what was once freed (mallopt(3)).
 */
export const WORKER_MALLOC: Readonly<Record<string, string>> = {
  MALLOC_ARENA_MAX: '1',
  MALLOC_TRIM_THRESHOLD_: '131072',
}
