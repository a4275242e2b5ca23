import tests from './jest.config.js'

/** Faults strike what others run on: one after the other, and never beside other tests. */
export default { ...tests, testMatch: ['<rootDir>/test/e2e/faults/**/*.faults.ts'], maxWorkers: 1 }
