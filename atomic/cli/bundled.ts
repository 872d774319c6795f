// Where the bundled form begins: what was compiled once is not compiled again.
// Rule: where nothing can be kept, nothing is, and it is only slower. Decision: a third of a cold start is compiling.

import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

enableCompileCache(join(import.meta.dirname, 'compiled'));
const { start } = await import('./main.ts');
await start();
