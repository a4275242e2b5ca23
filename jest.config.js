/** Tests run as the native ES modules that production runs; swc only takes the types off. */
export default {
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2024', parser: { syntax: 'typescript' } }, module: { type: 'es6' } },
    ],
  },
  // What hangs is to be found; how fast a machine is that others use as well says nothing.
  testTimeout: 120_000,
  globalSetup: '<rootDir>/test/support/global-setup.ts',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  // Most of them wait for the cluster or for Temporal: more at a time than a small machine has cores.
  maxWorkers: 4,
  testSequencer: '<rootDir>/test/support/end-to-end-first.js',
}
