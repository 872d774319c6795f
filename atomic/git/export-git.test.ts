import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { manualClock } from 'kernel/basics';

import { runAtomic } from '../cli/run-atomic.ts';
import { SampleGit } from './sample-git.ts';

let place = '';
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'atomic-export-'));
});
afterEach(() => rmSync(place, { recursive: true, force: true }));

const clock = manualClock();

interface Answer {
  readonly code: number;
  readonly said: Readonly<Record<string, unknown>>;
  readonly stderr: string;
}

async function atomic(folder: string, ...args: readonly string[]): Promise<Answer> {
  clock.advance(1000);
  const { code, stdout, stderr } = await runAtomic([...args, '--json'], { cwd: join(place, folder), clock });
  return { code, said: stdout === '' ? {} : (JSON.parse(stdout) as Record<string, unknown>), stderr };
}

const at = (path: string): string => join(place, path);

/** A repository with three patches: by nobody, by an AI, and by Grace. */
async function threePatches(): Promise<void> {
  await runAtomic(['init', 'work'], { cwd: place });
  writeFileSync(at('work/a.txt'), 'one\ntwo\n');
  await atomic('work', 'record', '--all', '-m', 'Begin');
  writeFileSync(at('work/a.txt'), 'one\ntwo\nthree\n');
  const ai = ['--ai-provider', 'anthropic', '--ai-model', 'claude-opus-4-5', '--ai-suggestion-type', 'complete'];
  await atomic('work', 'record', '-m', 'By an AI\n\nIt was asked to.', ...ai);
  writeFileSync(at('work/b.txt'), 'b\n');
  await atomic('work', 'record', '--all', '-m', 'Grace’s', '--author', 'Grace Hopper <grace@example.org>');
}

const run = (folder: string, ...args: readonly string[]): string => {
  const sample = new SampleGit(at('zz'));
  try {
    return sample.run('-C', at(folder), ...args);
  } finally {
    sample.dispose();
  }
};

test('each patch becomes a commit with its author, its time, its words and its name', async () => {
  await threePatches();
  expect((await atomic('work', 'git', 'export', '../out')).said).toMatchObject({
    commits: 3,
    known: 0,
    branch: 'main',
  });
  expect(run('out', 'log', '--reverse', '--format=%an <%ae> %s').trim().split('\n')).toEqual([
    'Ada Lovelace <ada@example.org> Begin',
    'Ada Lovelace <ada@example.org> By an AI',
    'Grace Hopper <grace@example.org> Grace’s',
  ]);
  expect(run('out', 'log', '-1', '--format=%B', 'HEAD~1').trim()).toMatch(
    /^By an AI\n\nIt was asked to\.\n\nAtomic-Change: [a-z2-7]{52}$/,
  );
  expect(readFileSync(at('out/a.txt'), 'utf8')).toBe('one\ntwo\nthree\n');
  expect(run('out', 'status', '--porcelain')).toBe('');
});

test('an AI is named in trailers only when that is asked for, and as a co-author only when that is', async () => {
  await threePatches();
  await atomic('work', 'git', 'export', '../plain');
  await atomic('work', 'git', 'export', '../trailers', '--trailers');
  await atomic('work', 'git', 'export', '../both', '--trailers', '--co-authors');
  const body = (folder: string): string => run(folder, 'log', '-1', '--format=%B', 'HEAD~1');
  expect(body('plain')).not.toContain('claude');
  expect(body('trailers')).toContain('AI-Assisted-By: anthropic/claude-opus-4-5 (complete)');
  expect(body('trailers')).not.toContain('Co-Authored-By');
  expect(body('both')).toContain('Co-Authored-By: Claude <noreply@anthropic.com>');
});

test('the same channel is the same bytes each time, and exporting again adds only what is new', async () => {
  await threePatches();
  const first = await atomic('work', 'git', 'export', '../one', '--notes');
  const second = await atomic('work', 'git', 'export', '../two', '--notes');
  expect(second.said['tip']).toBe(first.said['tip']);
  expect(run('two', 'rev-parse', 'refs/notes/ai')).toBe(run('one', 'rev-parse', 'refs/notes/ai'));
  writeFileSync(at('work/b.txt'), 'b\nmore\n');
  await atomic('work', 'record', '-m', 'Later');
  expect((await atomic('work', 'git', 'export', '../one', '--notes')).said).toMatchObject({ commits: 1, known: 3 });
  expect(run('one', 'rev-list', '--count', 'HEAD').trim()).toBe('4');
  expect(run('one', 'rev-parse', 'HEAD~1').trim()).toBe(first.said['tip']);
  expect(readFileSync(at('one/b.txt'), 'utf8')).toBe('b\nmore\n');
  expect((await atomic('work', 'git', 'export', '../one')).said).toMatchObject({ commits: 0, known: 4 });
});

test('what was exported and comes back is recognised, not doubled', async () => {
  await threePatches();
  await atomic('work', 'git', 'export', '../out');
  const back = await atomic('work', 'git', 'import', '../out', '--branch', 'main');
  expect(back.said).toMatchObject({ commits: 0, recognised: 3 });
  expect((await atomic('work', 'state')).said['patches']).toBe(3);
  writeFileSync(at('out/a.txt'), 'one\ntwo\nthree\nfour\n');
  run('out', 'commit', '-qam', 'in git');
  expect((await atomic('work', 'git', 'import', '../out')).said).toMatchObject({ commits: 1, known: 3 });
  expect(readFileSync(at('work/a.txt'), 'utf8')).toBe('one\ntwo\nthree\nfour\n');
  expect((await atomic('work', 'git', 'export', '../out')).said).toMatchObject({ commits: 0, known: 4 });
});

test('a commit that only has the trailer of a patch, and other files, is a patch of its own', async () => {
  await threePatches();
  await atomic('work', 'git', 'export', '../out');
  const trailer = run('out', 'log', '-1', '--format=%(trailers:key=Atomic-Change)').trim();
  run('out', 'reset', '-q', '--hard', 'HEAD~1');
  writeFileSync(at('out/b.txt'), 'something else\n');
  run('out', 'add', '-A');
  run('out', 'commit', '-qm', `Amended\n\n${trailer}`);
  expect((await atomic('work', 'git', 'import', '../out')).said).toMatchObject({ commits: 1, recognised: 2 });
});

test('a history that came from git leaves in git’s own graph, with git’s own trees', async () => {
  const sample = new SampleGit(at('git'));
  sample.commitFiles('base', { 'a.txt': '1\n2\n3\n4\n5\n6\n7\n' });
  sample.run('checkout', '-q', '-b', 'other');
  sample.commitFiles('theirs', { 'a.txt': '1\n2\n3\n4\n5\n6\nseven\n' });
  sample.run('checkout', '-q', 'main');
  sample.commitFiles('ours', { 'a.txt': 'one\n2\n3\n4\n5\n6\n7\n' });
  sample.merge('merged', ['other']);
  sample.link('link', 'a.txt');
  sample.commit('a link');
  await runAtomic(['git', 'import', 'git', '--into', 'work', '--verify'], { cwd: place });
  writeFileSync(at('work/b.txt'), 'on top\n');
  await atomic('work', 'record', '--all', '-m', 'on top');
  await atomic('work', 'git', 'export', '../out');
  const shape = '--format=%s|%T|%an|%ad|%p';
  const parents = (lines: string): readonly (readonly string[])[] =>
    lines
      .trim()
      .split('\n')
      .map((line) =>
        line
          .split('|')
          .map((part, column) => (column === 4 ? String(part.split(' ').filter((each) => each !== '').length) : part)),
      );
  expect(parents(run('out', 'log', '--topo-order', shape, 'HEAD~1'))).toEqual(
    parents(run('git', 'log', '--topo-order', shape, 'main')),
  );
  expect(run('out', 'log', '-1', '--format=%s').trim()).toBe('on top');
});

test('cherry-picks that are one patch keep both their places', async () => {
  const sample = new SampleGit(at('git'));
  sample.commitFiles('base', { 'a.txt': '1\n2\n3\n4\n5\n' });
  sample.run('checkout', '-q', '-b', 'other');
  sample.commitFiles('only there', { 'b.txt': 'b\n' });
  sample.run('checkout', '-q', 'main');
  const picked = sample.commitFiles('both', { 'a.txt': '1\n2\n3\n4\nfive\n' });
  sample.run('checkout', '-q', 'other');
  sample.run('cherry-pick', picked);
  sample.run('checkout', '-q', 'main');
  sample.merge('merged', ['other']);
  const imported = await runAtomic(
    ['git', 'import', 'git', '--into', 'work', '--branch', 'main', '--verify', '--json'],
    { cwd: place },
  );
  expect(JSON.parse(imported.stdout)).toMatchObject({ commits: 5, verified: { different: [] } });
  expect((await atomic('work', 'state')).said['patches']).toBe(4);
  const copy = run('git', 'rev-parse', 'other').trim();
  await atomic('work', 'output', '--at', copy.slice(0, 12), '--to', '../copy');
  await atomic('work', 'output', '--at', picked, '--to', '../picked');
  expect([existsSync(at('copy/b.txt')), existsSync(at('picked/b.txt'))]).toEqual([true, false]);
  expect((await atomic('work', 'git', 'export', '../out')).said).toMatchObject({ commits: 5 });
  expect(run('out', 'rev-parse', 'HEAD^{tree}')).toBe(run('git', 'rev-parse', 'main^{tree}'));
  expect(run('out', 'rev-list', '--count', '--merges', 'HEAD').trim()).toBe('1');
});

test('a branch that went on without the channel is left alone', async () => {
  await threePatches();
  const sample = new SampleGit(at('out'));
  const tip = sample.commitFiles('somebody else’s', { 'x.txt': 'x\n' });
  const refused = await atomic('work', 'git', 'export', '../out');
  expect(refused).toMatchObject({ code: 1, said: { error: { code: 'ATOMIC_GIT_BRANCH_ELSEWHERE' } } });
  expect(sample.head()).toBe(tip);
  expect((await atomic('work', 'git', 'export', '../out', '--branch', 'atomic')).said).toMatchObject({ commits: 3 });
  expect(existsSync(at('out/a.txt'))).toBe(false);
});

test('notes tell line by line who wrote what, and come back as attribution', async () => {
  await threePatches();
  await atomic('work', 'git', 'export', '../out', '--notes');
  expect(run('out', 'notes', '--ref=refs/notes/ai', 'show', 'HEAD~1')).toMatch(
    /^a\.txt\n {2}s_[0-9a-f]{14}::t_[0-9a-f]{14} 3\n---\n/,
  );
  await runAtomic(['git', 'import', 'out', '--into', 'again'], { cwd: place });
  const { patches } = (await atomic('again', 'log')).said as { patches: { message: string; attribution: object }[] };
  expect(patches.find(({ message }) => message === 'By an AI')?.attribution).toMatchObject({
    actor: 'ai',
    evidence: 'import',
    model: 'claude-opus-4-5',
  });
});

test('names, messages and people that git’s own language could trip over', async () => {
  await runAtomic(['init', 'work'], { cwd: place });
  for (const name of ['"quoted"', 'line\nend', 'back\\slash', ' blank ', 'grüße', 'tab\t'])
    writeFileSync(at(`work/${name}`), `${name}\n`);
  await atomic('work', 'record', '--all', '-m', 'data 5\nfrom :1\n\ndone', '--author', 'A B <a@b>');
  expect((await atomic('work', 'git', 'export', '../out')).code).toBe(0);
  expect(
    run('out', 'ls-tree', '-z', '--name-only', 'HEAD')
      .split('\0')
      .filter((name) => name !== '')
      .sort(),
  ).toEqual(['"quoted"', 'line\nend', 'back\\slash', ' blank ', 'grüße', 'tab\t'].sort());
});

test('a trace is one valid record for each patch that somebody spoke of', async () => {
  await threePatches();
  const { traces } = (await atomic('work', 'trace', 'export')).said as { traces: Record<string, unknown>[] };
  expect(traces).toMatchObject([
    {
      version: '0.1.0',
      tool: { name: 'atomic' },
      files: [
        {
          path: 'a.txt',
          conversations: [
            {
              contributor: { type: 'ai', model_id: 'anthropic/claude-opus-4-5' },
              ranges: [{ start_line: 3, end_line: 3 }],
            },
          ],
        },
      ],
    },
  ]);
  expect((await atomic('work', 'trace', 'export', '--all', '--to', '../t.jsonl')).said).toMatchObject({ records: 3 });
  expect(readFileSync(at('t.jsonl'), 'utf8').trimEnd().split('\n')).toHaveLength(3);
});
