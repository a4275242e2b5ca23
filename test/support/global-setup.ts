import { ensurePythonTools } from '../../lab/python-tools.ts'

/** Runs once before all tests, outside of jest's sandbox: gets the programs that the tests start. */
export default async function globalSetup(): Promise<void> {
  const tools = await ensurePythonTools((line) => process.stderr.write(`${line}\n`))
  process.env.TEMPORAL_TEST_SERVER = tools.path('temporal-test-server')
}
