import tests from './jest.config.js'

/** What takes minutes and is no case of its own kind: `npm test` is to be over in ten. */
export default { ...tests, testMatch: ['<rootDir>/test/**/*.long.ts'] }
