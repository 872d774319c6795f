import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import type { Job, Outcome, Sandbox } from 'kernel/sandbox';

import { exited } from '../../validating/trial-under-test.ts';
import { seenApi } from './seen-api.ts';

const SHAPE = { tandem: 'shape', kind: 'seen', namespace: false, offers: [] };

/** A sandbox that keeps what it was asked, and says what the probe would. */
function machine(installs: boolean) {
  const jobs: Job[] = [];
  const scratch = join(mkdtempSync(join(tmpdir(), 'tandem-seen-')), 'look');
  const run = (job: Job): Promise<Outcome> => {
    jobs.push(job);
    expect(JSON.parse(readFileSync(join(job.project, 'package.json'), 'utf8'))).toMatchObject({
      dependencies: { left: '2.0.0' },
    });
    const stdout = job.phase === 'run' ? `${JSON.stringify(SHAPE)}\n` : '';
    const code = job.phase === 'install' && !installs ? 1 : 0;
    return Promise.resolve(exited(code, stdout));
  };
  const sandbox = { confinement: { unsafe: false }, run } as unknown as Sandbox;
  const ports = { sandbox, cache: 'cache', scratch, signal: new AbortController().signal };
  return { jobs, ports, scratch };
}

const LEFT = { name: 'left', version: '2.0.0' };

test('a package that a tree has is loaded from there through a layer, and nothing is installed', async () => {
  const { jobs, ports, scratch } = machine(true);
  const seen = await seenApi({ ...ports, installedWith: () => Promise.resolve('/trees/one/node_modules') }, LEFT);
  expect(seen.kind).toBe('api');
  const layer = { from: '/trees/one/node_modules', changes: join(scratch, 'changes'), at: '/project/node_modules' };
  expect(jobs.map(({ phase, layers }) => ({ phase, layers }))).toEqual([{ phase: 'run', layers: [layer] }]);
  expect(existsSync(scratch)).toBe(false);
});

test('one that no tree has is installed alone, and one that cannot be is not known', async () => {
  const { jobs, ports } = machine(true);
  expect((await seenApi({ ...ports, installedWith: () => Promise.resolve(null) }, LEFT)).kind).toBe('api');
  expect((await seenApi(ports, LEFT)).kind).toBe('api');
  expect(jobs.map(({ phase }) => phase)).toEqual(['install', 'run', 'install', 'run']);
  const broken = machine(false);
  expect(await seenApi(broken.ports, LEFT)).toMatchObject({ kind: 'not-known' });
});
