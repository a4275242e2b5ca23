/**
 * How Node is started for a worker. By itself it lets garbage grow to several times what is in use before it collects it, in the
 * main thread and in that of the workflows: with a small heap it took two fifths less memory for a hundred Jobs, and a third more
 * processor time. The heap's limit is in MB; it was enough for 1,263 Jobs at a time, the most that was measured
 * (docs/performance.md).
 */
export const WORKER_NODE_FLAGS: readonly string[] = ['--max-old-space-size=512', '--max-semi-space-size=4']
