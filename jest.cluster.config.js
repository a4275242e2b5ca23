import tests from './jest.config.js'

/** What needs the worker's image and minutes: workers in the cluster, their rolling update, tenants of one cluster. */
export default { ...tests, testMatch: ['<rootDir>/test/e2e/**/*.cluster.ts'] }
