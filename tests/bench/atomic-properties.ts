// The properties of Atomic's patches, each on ten thousand cases and a seed of its own: P1 to P14 of the algorithm. P15
// (a crash at any write) walks through every write and needs no cases: it is in `npm test`.

import { join } from 'node:path';

import { outputOf, ROOT } from './measuring/programs.ts';
import { isJson, note, rounds } from './measuring/report.ts';

const CASES = rounds(10_000);
/** Each property of ten thousand long histories takes minutes. */
const TIMEOUT_MS = 3_600_000;
const SUITES = [
  'atomic/engine/engine-text.properties.test.ts',
  'atomic/repository/recording.properties.test.ts',
  'atomic/patches/encode-patch.test.ts',
  'atomic/patches/advance-tree.test.ts',
];

const seed = Math.floor(Math.random() * 2 ** 31);
note(`seed ${seed}`);
const vitest = join(ROOT, 'node_modules/vitest/vitest.mjs');
const startedAt = performance.now();
await outputOf([process.execPath, vitest, 'run', `--testTimeout=${TIMEOUT_MS}`, ...SUITES], {
  cwd: ROOT,
  env: { ATOMIC_CASES: String(CASES), ATOMIC_SEED: String(seed) },
});
const wallMs = Math.round(performance.now() - startedAt);
console.log(
  isJson
    ? JSON.stringify({ version: 1, bench: 'atomic-properties', cases: CASES, seed, wallMs })
    : `atomic-properties: ${CASES} cases of each property hold (seed ${seed}, ${(wallMs / 1000).toFixed(0)} s)`,
);
