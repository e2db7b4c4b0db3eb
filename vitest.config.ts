import { defineConfig } from 'vitest/config'

export default defineConfig(({ mode }) => ({
  test: {
    include: ['src/**/*.test.ts', 'simulators/**/*.test.ts', 'test/**/*.test.ts'],
    // `npm run test:all` is `--mode all`: the slow ones too.
    exclude: ['**/node_modules/**', ...(mode === 'all' ? [] : ['**/*.chaos.test.ts'])],
    globalSetup: ['test/support/cluster.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 10_000,
    hookTimeout: 30_000,
    teardownTimeout: 30_000,
    reporters: ['default'],
  },
}))
