import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { instant, manualClock } from 'kernel/basics';
import type { Job, Outcome, Sandbox } from 'kernel/sandbox';

import { runSuiteOnce, type TrialPorts } from './take-step.ts';
import { folderUnderTest } from './trial-under-test.ts';

const limits = { installMs: 60_000, stepMs: 60_000, memoryBytesMax: 1 << 30 };
const STEP = { name: 'test', level: 4, command: 'npm test' } as const;
const THREE = '  1) one\n  2) two\n  3) three\n';

const root = mkdtempSync(join(tmpdir(), 'tandem-take-step-'));

const folder = await folderUnderTest(root, 'trial');

interface Suite {
  readonly prints: readonly string[];
  /** What came of it when nobody ended it. */
  readonly end: (parts: Pick<Outcome, 'output' | 'stdout' | 'stderr' | 'wallMs' | 'memoryBytesPeak'>) => Outcome | null;
}

/** A sandbox whose suite prints pieces, lets time pass, and ends by itself or when it is told to. */
function asked({ prints, end }: Suite, patienceMs: number | null, afterMs: number) {
  const clock = manualClock(instant(0));
  const stop = new AbortController();
  const run = async (job: Job): Promise<Outcome> => {
    for (const text of prints) job.onOutput?.('stdout', text);
    await clock.advance(afterMs);
    const output = prints.join('');
    const parts = { output, stdout: output, stderr: '', wallMs: afterMs, memoryBytesPeak: null };
    if (job.signal?.aborted === true) return { kind: 'stopped', ...parts };
    return end(parts) ?? { kind: 'stopped', ...parts };
  };
  const sandbox = { run, confinement: { memory: 'none' } } as unknown as Sandbox;
  const ports = { sandbox, clock, signal: stop.signal, onStep: () => Promise.resolve() } as unknown as TrialPorts;
  return { stop, result: () => runSuiteOnce(ports, folder, STEP, { number: 1, limits, patienceMs }) };
}

const red: Suite['end'] = (parts) => ({ kind: 'exited', code: 1, ...parts });
const hangs: Suite['end'] = (parts) => ({ kind: 'timed-out', limitMs: 60_000, ...parts });

test('a suite in which three tests have failed is ended once patience is over', async () => {
  const { result } = asked({ prints: ['  1) one\n  2) t', 'wo\n  3) three\n'], end: hangs }, 10_000, 10_000);
  expect(await result()).toMatchObject({
    run: { green: false, isCut: true, tests: { failed: 3, failing: ['one', 'two', 'three'], runner: 'cut' } },
    limit: null,
    level: { ok: false, detail: '3 tests had failed when it was ended, after 10 s.' },
  });
});

test('one that ends before that has its whole say, and two failures are no reason to end it', async () => {
  const early = asked({ prints: [THREE, '  5 passing\n  3 failing\n'], end: red }, 10_000, 9999);
  expect((await early.result())?.run).toMatchObject({ green: false, tests: { passed: 5, failed: 3, runner: 'mocha' } });
  expect((await early.result())?.run.isCut).toBeUndefined();
  const few = asked({ prints: ['  1) one\n  2) two\n', '  5 passing\n  2 failing\n'], end: red }, 0, 60_000);
  expect((await few.result())?.run).toMatchObject({ tests: { failed: 2, runner: 'mocha' } });
});

test('one that reaches its limit with three failures is red, and without them it is no answer', async () => {
  const failed = asked({ prints: [THREE], end: hangs }, 120_000, 60_000);
  expect(await failed.result()).toMatchObject({ run: { green: false, isCut: true }, limit: null });
  const silent = asked({ prints: ['  1) one\n'], end: hangs }, 120_000, 60_000);
  expect(await silent.result()).toMatchObject({ limit: { kind: 'timed-out' } });
});

test('where a suite prints such marks while it is green nothing is ended, and a stopped trial is no red one', async () => {
  const patient = asked({ prints: [THREE, '  5 passing\n  3 failing\n'], end: red }, null, 600_000);
  expect((await patient.result())?.run.isCut).toBeUndefined();
  const stopped = asked({ prints: [THREE], end: () => null }, 10_000, 0);
  stopped.stop.abort();
  expect(await stopped.result()).toBeNull();
});
