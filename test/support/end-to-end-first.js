import { createRequire } from 'node:module'

/** CommonJS, whose default export an import would wrap once more. */
const { default: Sequencer } = createRequire(import.meta.url)('@jest/test-sequencer')

/** Begins with the tests that take longest, so that all others run beside them. Of those, jest's own order. */
export default class EndToEndFirst extends Sequencer {
  sort(tests) {
    const isEndToEnd = ({ path }) => path.includes('/test/e2e/')
    const sorted = super.sort([...tests])
    return [...sorted.filter(isEndToEnd), ...sorted.filter((test) => !isEndToEnd(test))]
  }
}
