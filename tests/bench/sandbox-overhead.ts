// What a sandbox costs: the same program bare and confined, in turns, so that both meet the same load of the machine.
// The number that counts is the median of the paired differences.

import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mebibytes, seconds } from 'kernel/basics';
import { openSandbox, type BackEnd, type Job, type Sandbox } from 'kernel/sandbox';

const ROUNDS = 21;
const limits = { wallMs: seconds(20), outputBytesMax: 10_000, processesMax: 64, memoryBytesMax: mebibytes(512) };
const programs: readonly (readonly [string, ...string[]])[] = [['/bin/true'], ['node', '-e', '0']];

const folder = mkdtempSync(join(tmpdir(), 'tandem-bench-'));
const project = join(folder, 'project');
mkdirSync(project);
async function measure(backEnd: BackEnd): Promise<void> {
  const startedAt = performance.now();
  const registry = 'https://registry.npmjs.org/';
  const opened = await openSandbox({ registry, scratch: join(folder, 'scratch'), backEnd });
  if (opened.kind === 'refused') return console.log(`${backEnd}: left out. ${opened.reason} ${opened.next}`);
  console.log(`${backEnd}: opened and tried in ${(performance.now() - startedAt).toFixed(0)} ms`);
  for (const argv of programs) console.log(`${backEnd}: ${argv.join(' ')}: ${await compare(opened.sandbox, argv)}`);
  await opened.sandbox.close();
}

async function compare(sandbox: Sandbox, argv: Job['argv']): Promise<string> {
  const pairs: { bare: number; confined: number }[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const bare = await timed(() => runBare(argv));
    const confined = await timed(() => sandbox.run({ phase: 'run', project, argv, limits }));
    pairs.push({ bare, confined });
  }
  const bare = median(pairs.map((pair) => pair.bare));
  const over = median(pairs.map((pair) => pair.confined - pair.bare));
  return `bare ${bare.toFixed(1)} ms, confined ${over.toFixed(1)} ms more (median of ${ROUNDS} pairs)`;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

const runBare = ([program, ...args]: Job['argv']): Promise<void> =>
  new Promise((resolve, reject) => {
    const child = spawn(program === 'node' ? process.execPath : program, args, { stdio: 'ignore' });
    child.once('error', reject).once('close', () => resolve());
  });

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

try {
  for (const backEnd of ['bubblewrap', 'namespaces'] as const) await measure(backEnd);
} finally {
  rmSync(folder, { recursive: true });
}
