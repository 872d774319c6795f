// The contract of the package managers as a whole, each really installing in the sandbox.

import { minutes } from 'kernel/basics';

import type { Journey } from './journey.ts';
import { must } from './tandem.ts';

export const journey: Journey = {
  name: 'npm, pnpm and both families of Yarn install, resolve and fail as Tandem relies on',
  needs: ['bubblewrap'],
  parallel: true,
  limitMs: minutes(5),
  async run(context) {
    const ended = await context.run(['npx', 'vitest', 'run', 'modernizer/ecosystems/installers'], {
      cwd: context.root,
      env: { TANDEM_WHOLE_CONTRACTS: '1' },
      limitMs: minutes(4),
    });
    must(ended.code === 0, 'Every test of the contract passes.', ended.output.slice(-4000));
  },
};
