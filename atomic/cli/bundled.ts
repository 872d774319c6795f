// Where the bundled form begins: what was compiled once is not compiled again.
// Rule: where nothing can be kept, nothing is, and it is only slower; a third of a cold start is compiling. Nothing waits at
// the top of this file: the bundle is CommonJS, which Node starts some five milliseconds sooner than modules.
// Not here: hooks, which have no time for commands (bundled-hook.ts).

import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

enableCompileCache(join(import.meta.dirname, 'compiled'));
void import('./main.ts').then(({ start }) => start());
