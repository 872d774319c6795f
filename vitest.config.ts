import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      '{kernel,atomic,chat,modernizer,workbench,scripts,examples}/**/*.test.ts',
      'tests/{architecture,loopback-registry}/**/*.test.ts',
      'console/**/*.test.{ts,tsx}',
    ],
    exclude: ['**/node_modules/**', '**/fixtures/**'],
    pool: 'threads',
    // By default one core is left idle, which on two is half of the machine.
    maxWorkers: '100%',
    testTimeout: 60_000,
    restoreMocks: true,
  },
});
