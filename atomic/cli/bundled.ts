// Where the bundled form begins: what was compiled once is not compiled again.
// Rule: where nothing can be kept, nothing is, and it is only slower; a third of a cold start is compiling. Nothing waits at
// the top of this file: the bundle is CommonJS, which Node starts some five milliseconds sooner than modules.

import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

const HOOK_COMMANDS = new Set(['install', 'uninstall', 'list', 'serve', 'help']);

enableCompileCache(join(import.meta.dirname, 'compiled'));
const [, , command, agent = '', event, ...rest] = process.argv;
// A hook has 50 ms and Node takes 30 of them: it does without all that commands are made of.
if (command === 'hook' && event !== undefined && rest.length === 0 && !HOOK_COMMANDS.has(agent)) {
  const { env } = process;
  void import('../agents/hook-process.ts').then(({ hookProcess, payloadOfProcess }) =>
    hookProcess({ agent, event, folder: process.cwd(), env, payload: payloadOfProcess, nowMs: Date.now() }),
  );
} else void import('./main.ts').then(({ start }) => start());
