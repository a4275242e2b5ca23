import { removeBundle } from './workflow-bundle.ts'

/** Runs once after all tests. */
export default async function globalTeardown(): Promise<void> {
  await removeBundle()
}
