import tests from './jest.config.js'

/** The documentation's commands: they have the lab, and the namespaces that pages name, for themselves. */
export default { ...tests, testMatch: ['<rootDir>/test/e2e/documentation/**/*.docs.ts'] }
