import { fileURLToPath } from 'node:url'

/** The command line, which makes the report. */
export const REPORT_PROGRAM = fileURLToPath(new URL('../cli/main.ts', import.meta.url))
