/**
 * How Node is started for a command that may list much: garbage is collected early, before the process has grown with it. It costs
 * little time; docs/performance.md has both figures.
 */
export const CLI_NODE_FLAGS: readonly string[] = ['--max-semi-space-size=1', '--heap-growing-percent=20']
