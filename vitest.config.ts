import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    exclude: ['**/node_modules/**', '**/fixtures/**'],
    pool: 'threads',
    // By default one core is left idle, which on two is half of the machine.
    maxWorkers: '100%',
    testTimeout: 60_000,
    restoreMocks: true,
    projects: [
      {
        extends: true,
        // These files change nothing that outlives them: no module has state, no variable and no folder of the process is
        // set. Loading their modules once for all of them halves their time.
        test: { name: 'atomic', include: ['atomic/**/*.test.ts'], isolate: false },
      },
      {
        extends: true,
        test: {
          name: 'all else',
          include: [
            '{kernel,modernizer,workbench,chat,scripts,examples}/**/*.test.ts',
            'tests/{architecture,loopback-registry}/**/*.test.ts',
            'console/**/*.test.{ts,tsx}',
          ],
        },
      },
    ],
  },
});
