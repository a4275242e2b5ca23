/**
 * How Node is started for a command that may list much: garbage is collected early, before the process has grown with it. It costs
 * little time; docs/performance.md has both figures.
 */
export const CLI_NODE_FLAGS: readonly string[] = ['--max-semi-space-size=1', '--heap-growing-percent=20']

/**
 * Where Node keeps what it has compiled of the CLI, types taken off, under the folder of the clone (its own variable
 * NODE_COMPILE_CACHE). A command starts in about half the time then, with two thirds of the memory.
 */
export const CLI_COMPILE_CACHE = 'node_modules/.cache/node'
