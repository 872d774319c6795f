import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { systemClock } from 'kernel/basics';
import type { Job, Outcome, Sandbox } from 'kernel/sandbox';

import type { TrialPorts } from './take-step.ts';
import { runTrial } from './trial.ts';
import { exited, folderUnderTest } from './trial-under-test.ts';

const root = mkdtempSync(join(tmpdir(), 'tandem-trial-'));
const LOCK = JSON.stringify({ lockfileVersion: 3, packages: {} });
const RED = '  1) one\n\n  2 passing\n  1 failing\n\n  1) one:\n     Error: no\n';
const GREEN = '\n  3 passing\n';

let made = 0;

/** A trial whose suite, whole or in part, says what it is told to. */
async function tried(
  says: { readonly part: string; readonly whole: string },
  isHint = true,
  redByNow: () => ReadonlyMap<string, number> = () => new Map(),
) {
  made += 1;
  const folder = await folderUnderTest(root, `trial-${made}`);
  const commands: string[] = [];
  const run = ({ argv }: Job): Promise<Outcome> => {
    const command = argv.join(' ');
    const isPart = command.includes('mocha test/a.js');
    commands.push(isPart ? 'part' : 'whole');
    const stdout = isPart ? says.part : says.whole;
    return Promise.resolve(exited(stdout === GREEN ? 0 : 1, stdout));
  };
  const sandbox = { run, confinement: { memory: 'none' } } as unknown as Sandbox;
  const ports = {
    sandbox,
    clock: systemClock,
    signal: new AbortController().signal,
    cache: root,
    onStep: () => Promise.resolve(),
    trees: {
      layered: false,
      resolved: new Map([['{}', LOCK]]),
      lockfileFor: () => Promise.resolve(LOCK),
      make: () => Promise.resolve({ kind: 'tree', modules: mkdtempSync(join(root, 'modules-')), by: 'known' }),
    },
  } as unknown as TrialPorts;
  const result = await runTrial(ports, folder, {
    steps: [{ name: 'test', level: 4, command: 'npm test' }],
    steadiness: { wavering: new Set(), flaky: false, isHint },
    greenRunsWanted: 1,
    redByNow,
    limits: { installMs: 1000, stepMs: 1000, memoryBytesMax: 1 << 30 },
    knownTrees: new Map(),
    affected: { command: 'mocha test/a.js', files: 1, of: 6 },
  });
  return { result, commands };
}

test('where the files that use it are red, the others are not run', async () => {
  const { result, commands } = await tried({ part: RED, whole: GREEN });
  expect(result).toMatchObject({ verdict: { kind: 'broken', passed: 0, of: 2 }, isHint: true });
  expect(result?.summary).toContain('In 1 of 6 test files, which use what is upgraded.');
  expect(commands).toEqual(['part', 'part']);
  expect((await tried({ part: RED, whole: GREEN }, false)).commands).toEqual(Array.from({ length: 5 }, () => 'part'));
});

test('where they are green the whole suite judges, and so it does where the command of ours does not work', async () => {
  const green = await tried({ part: GREEN, whole: GREEN });
  expect(green.result).toMatchObject({ verdict: { kind: 'green', passed: 1, of: 1 } });
  expect(green.commands).toEqual(['part', 'whole']);
  const failing = await tried({ part: GREEN, whole: RED });
  expect(failing.result).toMatchObject({ verdict: { kind: 'broken' } });
  expect(failing.commands).toEqual(['part', 'whole', 'whole']);
  const odd = await tried({ part: 'mocha: not found\n', whole: GREEN });
  expect(odd.result).toMatchObject({ verdict: { kind: 'green', passed: 1, of: 1 } });
  expect(odd.commands).toEqual(['part', 'whole']);
});

test('what a trial beside it has found by now counts from the next run on', async () => {
  const asked: number[] = [];
  const later = (): ReadonlyMap<string, number> => {
    asked.push(1);
    return new Map(asked.length < 2 ? [] : [['one', 5]]);
  };
  const { result, commands } = await tried({ part: GREEN, whole: RED }, false, later);
  expect(result).toMatchObject({ verdict: { kind: 'broken', passed: 0, of: 2 } });
  expect(commands).toEqual(['part', 'whole', 'whole']);
});
