import { fileURLToPath } from 'node:url'

/**
 * The command line as it was bundled with the worker: stands in for report-program.ts in the image, where scripts/bundle-worker.ts puts
 * it beside the worker.
 */
export const REPORT_PROGRAM = fileURLToPath(new URL('holdfast.js', import.meta.url))
