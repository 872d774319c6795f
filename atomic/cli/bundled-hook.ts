// Where the bundled form of `atomic hook AGENT EVENT` begins, which is a program of its own: the launcher starts it.
// Rule: a hook has 50 ms and Node takes 25 of them: one file, and nothing of what commands are made of. Each module of Node
// that need not be loaded is not (node:crypto alone takes four milliseconds).

import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

import { hookProcess, payloadOfProcess } from '../agents/hook-process.ts';

enableCompileCache(join(import.meta.dirname, 'compiled'));
const [, , , agent = '', event = ''] = process.argv;
const { env } = process;
void hookProcess({ agent, event, folder: process.cwd(), env, payload: payloadOfProcess, nowMs: Date.now() });
