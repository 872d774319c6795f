import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      '{kernel,modernizer,workbench,scripts,examples}/**/*.test.ts',
      'tests/{architecture,loopback-registry}/**/*.test.ts',
      'console/**/*.test.{ts,tsx}',
    ],
    exclude: ['**/node_modules/**', '**/fixtures/**'],
    pool: 'threads',
    testTimeout: 60_000,
    restoreMocks: true,
  },
});
