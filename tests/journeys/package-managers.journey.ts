// The contract of the package managers as a whole, each really installing in the sandbox.

import { join } from 'node:path';

import { minutes } from 'kernel/basics';

import type { Journey } from './journey.ts';
import { must } from './tandem.ts';

export const journey: Journey = {
  name: 'npm, pnpm and both families of Yarn install, resolve and fail as Tandem relies on',
  needs: ['bubblewrap'],
  parallel: true,
  limitMs: minutes(12),
  async run(context) {
    const vitest = join(context.root, 'node_modules/vitest/vitest.mjs');
    const ended = await context.run([context.node, vitest, 'run', 'modernizer/ecosystems/installers'], {
      cwd: context.root,
      env: { TANDEM_WHOLE_CONTRACTS: '1' },
      limitMs: minutes(11),
    });
    must(ended.code === 0, 'Every test of the contract passes.', ended.output.slice(-4000));
  },
};
