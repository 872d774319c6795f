// What a sandbox costs: the same program bare and confined, in turns, so that both meet the same load of the machine.
// The number that counts is the median of the paired differences.

import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mebibytes, seconds } from 'kernel/basics';
import { openSandbox, type BackEnd, type Job, type Sandbox } from 'kernel/sandbox';

import { note, quantile, report, rounds, timed, type Measured } from './measuring/report.ts';

const ROUNDS = rounds(21);
const limits = { wallMs: seconds(20), outputBytesMax: 10_000, processesMax: 64, memoryBytesMax: mebibytes(512) };
const programs: readonly (readonly [string, ...string[]])[] = [['/bin/true'], ['node', '-e', '0']];

const folder = mkdtempSync(join(tmpdir(), 'tandem-bench-'));
const project = join(folder, 'project');
mkdirSync(project);
async function measure(backEnd: BackEnd): Promise<readonly Measured[]> {
  const startedAt = performance.now();
  const registry = 'https://registry.npmjs.org/';
  const opened = await openSandbox({ registry, scratch: join(folder, 'scratch'), backEnd });
  if (opened.kind === 'refused') {
    note(`${backEnd}: left out. ${opened.reason} ${opened.next}`);
    return [];
  }
  note(`${backEnd}: opened and tried in ${(performance.now() - startedAt).toFixed(0)} ms`);
  const measured: Measured[] = [];
  for (const argv of programs) measured.push(await compare(opened.sandbox, argv));
  await opened.sandbox.close();
  return measured;
}

async function compare(sandbox: Sandbox, argv: Job['argv']): Promise<Measured> {
  const pairs: { bare: number; confined: number }[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const bare = await timed(() => runBare(argv));
    const confined = await timed(() => sandbox.run({ phase: 'run', project, argv, limits }));
    pairs.push({ bare, confined });
  }
  const floor = quantile(pairs.map((pair) => pair.bare));
  const over = quantile(pairs.map((pair) => pair.confined - pair.bare));
  const what = `${argv.join(' ')} in ${sandbox.confinement.backEnd}: ${over.toFixed(1)} ms more (median of ${ROUNDS} pairs)`;
  return { what, value: floor + over, floor, floorName: 'the same bare', unit: 'ms' };
}

const runBare = ([program, ...args]: Job['argv']): Promise<void> =>
  new Promise((resolve, reject) => {
    const child = spawn(program === 'node' ? process.execPath : program, args, { stdio: 'ignore' });
    child.once('error', reject).once('close', () => resolve());
  });

try {
  report('sandbox-overhead', [...(await measure('bubblewrap')), ...(await measure('namespaces'))]);
} finally {
  rmSync(folder, { recursive: true });
}
