import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { instant } from 'kernel/basics';

import { openGit, type Git } from '../ecosystems/git.ts';
import type { PlannedUpgrade } from '../protocol/index.ts';
import { planCommits, type KeptUpgrade } from './plan-commits.ts';
import { fetchLine, writeBranch, type BranchPlan } from './write-branch.ts';

const MANIFEST = `{\n  "name": "p",\n  "engines": { "node": ">=10" },\n  "dependencies": { "a": "^1.0.0", "b": "^1.0.0" }\n}\n`;

const kept = (name: string, raisesEngines: string | null = null): KeptUpgrade => {
  const upgrade: PlannedUpgrade = {
    name,
    kind: 'dependencies',
    fromRange: '^1.0.0',
    toRange: '^2.0.0',
    from: '1.0.0',
    to: '2.0.0',
    step: 'major',
    risk: 'high',
    reasons: ['It is a major step.'],
    raisesEngines,
  };
  return { upgrade, verdict: { kind: 'green', passed: 3, of: 3 } };
};

const facts = {
  run: 'r1',
  source: 'built-in rules',
  manifests: [{ place: '', text: MANIFEST }],
  declaredEngines: '>=10',
};

test('each kept upgrade is a commit of its own that says run, source and verdict', () => {
  const commits = planCommits({ ...facts, kept: [kept('a'), kept('b')] });
  expect(commits.map(({ subject }) => subject)).toEqual([
    'Upgrade a from ^1.0.0 to ^2.0.0',
    'Upgrade b from ^1.0.0 to ^2.0.0',
  ]);
  expect(commits[0]?.manifests[0]?.text).toBe(MANIFEST.replace('"a": "^1.0.0"', '"a": "^2.0.0"'));
  expect(commits[0]?.message).toMatch(/Tandem-Run: r1\nTandem-Source: built-in rules\nTandem-Verdict: green 3 of 3$/);
});

test('of two changes of one file each commit brings its own, on top of the one before', () => {
  const changed = (name: string, after: string, start: number): KeptUpgrade => ({
    ...kept(name),
    rewrite: { sentence: 's', files: [{ path: 'x.js', after, edits: [{ start, end: start + 3, text: name }] }] },
  });
  const commits = planCommits({ ...facts, kept: [changed('a', 'a two', 0), changed('b', 'one b', 4)] });
  expect(commits.map(({ rewritten }) => rewritten)).toEqual([
    [{ path: 'x.js', after: 'a two' }],
    [{ path: 'x.js', after: 'a b' }],
  ]);
});

test('a raised Node release is a commit of its own, with the highest floor that is needed', () => {
  const commits = planCommits({ ...facts, kept: [kept('a', '20.0.0'), kept('b', '22.12.0')] });
  expect(commits.length).toBe(3);
  expect(commits[2]).toMatchObject({ subject: 'Ask for Node >=22.12.0', upgrade: null });
  expect(commits[2]?.manifests[0]?.text).toContain('"node": ">=22.12.0"');
  expect(commits[2]?.message).toContain('\nb needs it; the project declared >=10.');
});

let folder = '';
let git: Git;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tandem-deploy-'));
  git = await openGit(join(folder, 'home'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function repository(): Promise<{
  readonly repository: string;
  readonly prefix: string;
  readonly baseCommit: string;
  readonly fromGit: boolean;
}> {
  const place = join(folder, 'repository');
  await git(['init', '--quiet', place]);
  writeFileSync(join(place, 'package.json'), MANIFEST);
  await git(['-C', place, 'add', '.']);
  await git(['-C', place, 'commit', '--quiet', '--message', 'Begin']);
  return {
    repository: place,
    prefix: '',
    baseCommit: (await git(['-C', place, 'rev-parse', 'HEAD'])).trim(),
    fromGit: true,
  };
}

const branchPlan = (commits: BranchPlan['commits']): BranchPlan => ({
  branch: 'tandem/r1',
  commits,
  at: instant(Date.UTC(2026, 0, 2)),
  lockfile: 'package-lock.json',
  lockFor: (text) => Promise.resolve(`lock of ${text.length}\n`),
});

test('written twice, the branch has the very same commits', async () => {
  const copy = await repository();
  const plan = branchPlan(planCommits({ ...facts, kept: [kept('a'), kept('b')] }));
  const first = await writeBranch(git, copy, plan);
  writeFileSync(join(copy.repository, 'package.json'), 'left over from a crash');
  expect(await writeBranch(git, copy, plan)).toEqual(first);
  expect((await git(['-C', copy.repository, 'log', '--format=%s', 'tandem/r1'])).trim().split('\n')).toEqual([
    'Upgrade b from ^1.0.0 to ^2.0.0',
    'Upgrade a from ^1.0.0 to ^2.0.0',
    'Begin',
  ]);
});

test('each commit changes the manifest and its lockfile, and can be reverted alone', async () => {
  const copy = await repository();
  const [first] = await writeBranch(git, copy, branchPlan(planCommits({ ...facts, kept: [kept('a'), kept('b')] })));
  const files = await git(['-C', copy.repository, 'show', '--name-only', '--format=', first?.hash ?? '']);
  expect(files.trim().split('\n').sort()).toEqual(['package-lock.json', 'package.json']);
});

test('the line that brings the branch home works in the person’s own project, whatever its path', async () => {
  const copy = await repository();
  await writeBranch(git, copy, branchPlan(planCommits({ ...facts, kept: [kept('a')] })));
  const theirs = join(folder, "it's theirs");
  execFileSync('git', ['clone', '--quiet', '--branch', 'main', copy.repository, theirs]);
  execFileSync('sh', ['-c', fetchLine(theirs, copy.repository, 'tandem/r1')], { stdio: 'ignore' });
  const manifest = execFileSync('git', ['show', 'tandem/r1:package.json'], { cwd: theirs, encoding: 'utf8' });
  expect(manifest).toContain('"a": "^2.0.0"');
  expect(readFileSync(join(theirs, 'package.json'), 'utf8')).toBe(MANIFEST);
});
