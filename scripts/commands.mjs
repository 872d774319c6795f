// The commands, as data: what each name of package.json's scripts does once everything is installed.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { buildAtomic, isFresh } from './build-atomic.mjs';
import { buildChat, isChatFresh } from './build-chat.mjs';
import { buildConsole } from './build-console.mjs';
import { runChecks } from './checks.mjs';
import { ROOT, toolScript } from './places.mjs';
import { inForeground } from './processes.mjs';
import { Stop } from './stop.mjs';

const SERVER = 'workbench/main.ts';

export const COMMANDS = {
  start: {
    async run(args) {
      await Promise.all([buildConsole(), isFresh() ? null : buildAtomic(), isChatFresh() ? null : buildChat()]);
      // Room for what dies young: a call through the gateway costs a tenth less than with a quarter of it.
      return inForeground(['--max-semi-space-size=32', SERVER, 'serve', ...args]);
    },
  },
  dev: {
    /** The server starts again when its sources change; the console is served by Vite and updates in the page. */
    run: (args) => inForeground(['--watch', SERVER, 'serve', ...args], [toolScript('vite'), 'console']),
  },
  test: {
    async run(args) {
      // Tests start the command; bundled it starts in a third of the time.
      await Promise.all([isFresh() ? null : buildAtomic(), isChatFresh() ? null : buildChat()]);
      return runChecks(args);
    },
  },
  check: { run: runChecks },
  journeys: { run: (args) => inForeground(['tests/journeys/run.ts', ...args]) },
  bench: { run: runBenches },
};

/** Each file of tests/bench is one measurement; names choose some of them, numbers and options are passed on. */
async function runBenches(args) {
  const passedOn = args.filter((word) => /^(?:--|\d+$)/.test(word));
  const names = args.filter((word) => !passedOn.includes(word));
  const folder = join(ROOT, 'tests/bench');
  const files = readdirSync(folder).filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'));
  const wanted = files.filter((file) => names.length === 0 || names.some((name) => file.startsWith(name)));
  if (wanted.length === 0) {
    throw new Stop(
      'There is no such bench.',
      `The benches are: ${files.join(', ')}.`,
      'Run npm run bench for all of them.',
      2,
    );
  }
  let code = 0;
  for (const file of wanted) code = (await inForeground([join(folder, file), ...passedOn])) || code;
  return code;
}
