/** Native ESM through swc: no type check here, `npm run types` does that. */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/test', '<rootDir>/examples'],
  testMatch: ['**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'es6' } }],
  },
  moduleNameMapper: { '^rollcall$': '<rootDir>/runner/index.ts', '^rollcall/testing$': '<rootDir>/runner/testing/index.ts' },
  testTimeout: 180_000,
};
