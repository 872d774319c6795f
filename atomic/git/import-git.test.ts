import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { initRepository, type Repository } from '../repository/repository.ts';
import { commitAttributions } from './import-attribution.ts';
import { importGit, type ImportOutcome } from './import-git.ts';
import { SampleGit } from './sample-git.ts';
import { verifyImport } from './verify-import.ts';
import { setOfGitCommit } from './commit-graph.ts';

let sample: SampleGit;
const folders: string[] = [];
beforeEach(() => {
  sample = new SampleGit();
});
afterEach(() => {
  sample.dispose();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function emptyRepository(): Repository {
  const folder = mkdtempSync(join(tmpdir(), 'atomic-import-'));
  folders.push(folder);
  return initRepository(folder);
}

const importInto = (repository: Repository): ImportOutcome =>
  importGit(repository, sample.folder, { actor: 'Ada', attributions: commitAttributions(sample.folder, null) });

const hashesOf = ({ store }: Repository, channel = 'main'): readonly string[] =>
  [...(store.channels.get(channel)?.set ?? [])].map((patch) => store.patches.hashOf(patch)).sort();

/** Imports, and proves every commit of every branch by the name of its tree. */
function imported(): Repository {
  const repository = emptyRepository();
  const { channels, current, tip } = importInto(repository);
  expect(verifyImport(repository, sample.folder, tip).different).toEqual([]);
  for (const branch of channels.filter((each) => each !== current)) {
    expect(verifyImport(repository, sample.folder, branch).different).toEqual([]);
  }
  return repository;
}

test('a straight history keeps its texts, authors, times and messages', () => {
  sample.commitFiles('Begin\n\nWith a body.\n\nAnd more.', { 'a.txt': 'one\n', 'src/b.txt': 'two\nthree\n' });
  sample.commitFiles('Change', { 'a.txt': 'one\nmore\n' });
  const repository = imported();
  const [second, first] = [...repository.store.channels.log('main')].map((patch) =>
    repository.store.patches.rowOf(patch),
  );
  expect(first).toMatchObject({
    message: 'Begin',
    zoneMinutes: 90,
    authors: [{ name: 'Ada Lovelace', email: 'ada@example.org' }],
  });
  expect(second).toMatchObject({ message: 'Change', at: 1_700_000_120_000 });
});

test('merges, criss-cross merges and one of three parents have git’s trees', () => {
  const lines = Array.from({ length: 30 }, (_, line) => `line ${line}`);
  const text = (changes: Readonly<Record<number, string>>): string =>
    `${lines.map((line, at) => changes[at] ?? line).join('\n')}\n`;
  sample.commitFiles('base', { 'a.txt': text({}) });
  sample.run('branch', 'other');
  sample.run('branch', 'third');
  const ours = sample.commitFiles('ours', { 'a.txt': text({ 2: 'ours' }), 'o.txt': 'o\n' });
  sample.run('checkout', '-q', 'other');
  const theirs = sample.commitFiles('theirs', { 'a.txt': text({ 20: 'theirs' }), 't.txt': 't\n' });
  sample.merge('other takes ours', [ours]);
  sample.run('checkout', '-q', 'main');
  sample.merge('ours takes theirs', [theirs]);
  sample.merge('criss-cross', ['other'], () => sample.write('a.txt', text({ 2: 'ours', 20: 'theirs', 5: 'by hand' })));
  sample.run('checkout', '-q', 'third');
  sample.commitFiles('third', { 'third.txt': '3\n' });
  sample.run('checkout', '-q', 'main');
  sample.merge('three at once', ['other', 'third']);
  expect(
    imported()
      .store.channels.list()
      .map(({ name }) => name),
  ).toEqual(['main', 'other', 'third']);
});

test('conflicts that a person resolved are as that person left them', () => {
  sample.commitFiles('base', { 'a.txt': '1\n2\n3\n' });
  sample.run('checkout', '-q', '-b', 'other');
  sample.commitFiles('theirs', { 'a.txt': '1\ntheirs\n3\n' });
  sample.run('checkout', '-q', 'main');
  sample.commitFiles('ours', { 'a.txt': '1\nours\n3\n' });
  sample.merge('resolved', ['other'], () => sample.write('a.txt', '1\nboth\n3\n'));
  sample.run('checkout', '-q', 'other');
  sample.merge('the other way', ['main~1'], () => sample.write('a.txt', '1\nours\ntheirs\n3\n'));
  imported();
});

test('files that move, change their mode, become links, folders and files again', () => {
  sample.commitFiles('base', { 'a.txt': 'one\ntwo\nthree\nfour\n', thing: 'a file\n', 'dir/x.txt': 'x\n' });
  sample.run('mv', 'a.txt', 'moved.txt');
  sample.write('moved.txt', 'one\ntwo\nthree\nfour and more\n', 0o755);
  sample.commit('moved, changed and executable');
  sample.remove('thing');
  sample.write('thing/inside.txt', 'now a folder\n');
  sample.remove('dir');
  sample.write('dir', 'now a file\n');
  sample.commit('a file becomes a folder and the other way');
  sample.remove('thing');
  sample.link('thing', 'moved.txt');
  sample.remove('dir');
  sample.write('dir/deep/er/y.txt', 'y\n');
  sample.commit('a folder becomes a link');
  sample.remove('thing');
  sample.write('thing', 'a file again\n');
  sample.commit('a link becomes a file');
  imported();
});

test('binary files, CRLF, texts without an end, empty files and empty commits', () => {
  sample.run('config', 'core.autocrlf', 'false');
  sample.write(
    'picture.bin',
    Uint8Array.from({ length: 3000 }, (_, at) => (at * 7) % 256),
  );
  sample.commitFiles('base', { 'crlf.txt': 'a\r\nb\r\n', 'open.txt': 'no end', empty: '' });
  sample.commit('nothing at all');
  sample.write(
    'picture.bin',
    Uint8Array.from({ length: 3500 }, (_, at) => (at * 11) % 256),
  );
  sample.commitFiles('change', { 'crlf.txt': 'a\r\nc\r\nb\n', 'open.txt': 'no end\nbut more', empty: 'something' });
  sample.write('picture.bin', 'now it is text\n');
  sample.commitFiles('and back', { empty: '', 'open.txt': 'an end\n' });
  imported();
});

test('names in other alphabets, with quotes, blanks and line ends', () => {
  sample.commitFiles('base', {
    'grüße/日本.txt': '1\n',
    '"quoted" it\'s.txt': '2\n',
    ' blank ': '3\n',
    'tab\there': '4\n',
  });
  sample.commitFiles('change', { 'grüße/日本.txt': '1\n2\n', 'line\nend': 'x\n', 'back\\slash': 'y\n' });
  imported();
});

test('submodules are kept as the commits that they stand at', () => {
  const id = '1234567890123456789012345678901234567890';
  sample.commitFiles('base', { 'a.txt': 'a\n' });
  sample.run('update-index', '--add', '--cacheinfo', `160000,${id},lib`);
  sample.run('commit', '-q', '-m', 'a submodule');
  sample.run('update-index', '--add', '--cacheinfo', `160000,${id.replace('1', '2')},lib`);
  sample.run('commit', '-q', '-m', 'moved on');
  imported();
});

test('cherry-picks and reverts have their trees, and a history may begin twice', () => {
  sample.commitFiles('base', { 'a.txt': '1\n2\n3\n4\n5\n' });
  sample.run('checkout', '-q', '-b', 'other');
  sample.commitFiles('one', { 'a.txt': '1\ntwo\n3\n4\n5\n' });
  const picked = sample.head();
  sample.run('checkout', '-q', 'main');
  sample.commitFiles('else', { 'a.txt': '1\n2\n3\n4\nfive\n' });
  sample.run('cherry-pick', picked);
  sample.run('revert', '--no-edit', 'HEAD');
  sample.run('revert', '--no-edit', 'HEAD');
  sample.merge('both have it', ['other']);
  sample.run('checkout', '-q', '--orphan', 'root');
  sample.commitFiles('another beginning', { 'a.txt': 'other\n', 'b.txt': 'b\n' });
  sample.run('checkout', '-q', '-f', 'main');
  sample.merge('two roots', ['root', '--allow-unrelated-histories'], () => sample.write('a.txt', 'merged\n'));
  imported();
});

test('a commit in latin-1, one with other people, and one without an author’s address', () => {
  sample.commitFiles('base', { 'a.txt': 'a\n' });
  sample.run('-c', 'i18n.commitEncoding=latin1', 'commit', '-q', '--allow-empty', '-m', 'plain');
  sample.commit(
    'Together\n\nCo-authored-by: Grace Hopper <grace@example.org>\nCo-authored-by: Ada Lovelace <ada@example.org>\nCo-Authored-By: Claude <noreply@anthropic.com>',
  );
  sample.runWith({ GIT_AUTHOR_NAME: 'nobody', GIT_AUTHOR_EMAIL: '' }, 'commit', '-q', '--allow-empty', '-m', 'x');
  const { store } = imported();
  const rows = [...store.channels.log('main')].map((patch) => store.patches.rowOf(patch));
  expect(rows[1]?.authors).toEqual([
    { name: 'Ada Lovelace', email: 'ada@example.org' },
    { name: 'Grace Hopper', email: 'grace@example.org' },
  ]);
  expect(rows[0]?.authors).toEqual([{ name: 'nobody', email: '' }]);
  expect(store.attributions.labelsOf(store.patches.count - 1)).toMatchObject({
    actor: 'mixed',
    evidence: 'trailer',
    tool: 'claude-code',
  });
});

test('what latin-1 letters a commit has are read as it says', () => {
  sample.write('a.txt', 'a\n');
  sample.run('add', '-A');
  const tree = sample.run('write-tree').trim();
  const body = Buffer.from(
    `tree ${tree}\nauthor Ren\u00e9 <r@example.org> 1700000000 -0330\ncommitter R <r@example.org> 1700000000 +0000\nencoding ISO-8859-1\n\nGr\u00fc\u00dfe\n`,
    'latin1',
  );
  sample.write('../commit.raw', body);
  const id = sample.run('hash-object', '-t', 'commit', '-w', join(sample.folder, '../commit.raw')).trim();
  sample.run('update-ref', 'refs/heads/main', id);
  const { store } = imported();
  expect(store.patches.rowOf(1)).toMatchObject({ message: 'Grüße', zoneMinutes: -210, authors: [{ name: 'René' }] });
  rmSync(join(sample.folder, '../commit.raw'));
});

test('importing again adds only what is new, and ends where one import of everything ends', () => {
  const once = emptyRepository();
  sample.commitFiles('base', { 'a.txt': '1\n2\n3\n' });
  sample.run('branch', 'other');
  sample.commitFiles('main goes on', { 'a.txt': '1\n2\n3\n4\n' });
  sample.commitFiles('and on', { 'untouched.txt': 'u\n' });
  expect(importInto(once)).toMatchObject({ commits: 3, known: 0 });
  sample.run('checkout', '-q', 'other');
  sample.commitFiles('other', { 'a.txt': '0\n1\n2\n3\n', 'b/c.txt': 'c\n' });
  sample.run('checkout', '-q', 'main');
  sample.merge('merged', ['other']);
  sample.run('mv', 'b/c.txt', 'd.txt');
  sample.commit('moved');
  expect(importInto(once)).toMatchObject({ commits: 3, known: 3 });
  expect(importInto(once)).toMatchObject({ commits: 0, known: 6 });
  expect(hashesOf(once)).toEqual(hashesOf(imported()));
});

test('two imports of one history are the same patches', () => {
  sample.commitFiles('base', { 'a.txt': '1\n' });
  sample.commit('Assisted\n\nAI-Assisted-By: anthropic/claude-opus-4-5 (complete)');
  expect(hashesOf(imported())).toEqual(hashesOf(imported()));
});

test('a note of git-ai tells line by line who wrote a commit', () => {
  sample.commitFiles('base', { 'a.txt': 'one\n' });
  const commit = sample.commitFiles('by several', { 'a.txt': 'one\nagent\nagent\nperson\n', 'b.txt': 'nobody\n' });
  const session = {
    agent_id: { tool: 'claude', id: 's-1', model: 'claude-opus-4-5' },
    human_author: 'Ada <ada@example.org>',
  };
  const metadata = {
    schema_version: 'authorship/3.0.0',
    base_commit_sha: commit,
    prompts: {},
    humans: { h_1: { author: 'Ada <ada@example.org>' } },
    sessions: { s_1: session },
  };
  sample.run(
    'notes',
    '--ref=refs/notes/ai',
    'add',
    '-m',
    `a.txt\n  s_1::t_1 2-3\n  h_1 4\n---\n${JSON.stringify(metadata)}`,
    commit,
  );
  const repository = imported();
  const labels = repository.store.attributions.labelsOf(2);
  expect(labels).toMatchObject({
    actor: 'mixed',
    evidence: 'import',
    provider: 'anthropic',
    model: 'claude-opus-4-5',
    tool: 'claude-code',
  });
});

test('every commit can be asked for by its name', () => {
  const first = sample.commitFiles('base', { 'a.txt': '1\n' });
  sample.commitFiles('second', { 'a.txt': '2\n' });
  const repository = imported();
  expect([...(setOfGitCommit(repository.store, first.slice(0, 8)) ?? [])]).toEqual([1]);
  expect(setOfGitCommit(repository.store, 'abc')).toBeUndefined();
  expect(setOfGitCommit(repository.store, 'not a name')).toBeUndefined();
});

test('tags are kept, of commits and of tag objects', () => {
  sample.commitFiles('base', { 'a.txt': '1\n' });
  sample.run('tag', 'light');
  sample.run('tag', '-a', '-m', 'heavy', 'v1');
  expect(
    imported()
      .store.names.tags()
      .map(({ name }) => name)
      .sort(),
  ).toEqual(['light', 'v1']);
});

test('what cannot be imported is said, and nothing of it is kept', () => {
  const fault = (): string => {
    const repository = emptyRepository();
    try {
      importInto(repository);
      return 'none';
    } catch (thrown) {
      expect(repository.store.patches.count).toBe(0);
      return thrown instanceof Error && 'code' in thrown ? String(thrown.code) : String(thrown);
    }
  };
  expect(fault()).toBe('ATOMIC_GIT_BRANCH_UNKNOWN');
  sample.commitFiles('base', { 'a.txt': '1\n', 'b.txt': '2\n' });
  sample.commitFiles('second', { 'a.txt': '3\n' });
  const blob = sample.run('rev-parse', 'HEAD~1:a.txt').trim();
  const clone = new SampleGit(join(sample.folder, '..', 'shallow'));
  clone.dispose();
  sample.run('clone', '-q', '--depth', '1', `file://${sample.folder}`, clone.folder);
  const whole = sample;
  sample = clone;
  expect(fault()).toBe('ATOMIC_GIT_SHALLOW');
  clone.dispose();
  sample = whole;
  sample.remove(`.git/objects/${blob.slice(0, 2)}/${blob.slice(2)}`);
  expect(fault()).toBe('ATOMIC_GIT_OBJECT_MISSING');
});

test('names that are no UTF-8, and names that are ours, are refused by the commit that has them', () => {
  const commitNamed = (name: Buffer): void => {
    const blob = sample.run('hash-object', '-w', '--stdin-paths', '--no-filters').trim();
    expect(blob).toBe('');
    sample.write('a.txt', '1\n');
    const object = sample.run('hash-object', '-w', 'a.txt').trim();
    const tree = Buffer.concat([Buffer.from('100644 '), name, Buffer.of(0), Buffer.from(object, 'hex')]);
    sample.write('.git/tree.raw', tree);
    const id = sample.run('hash-object', '-t', 'tree', '--literally', '-w', '.git/tree.raw').trim();
    const commit = sample.run('commit-tree', '-m', 'x', id).trim();
    sample.run('update-ref', 'refs/heads/main', commit);
  };
  commitNamed(Buffer.from([0x66, 0xff, 0x66]));
  expect(() => importInto(emptyRepository())).toThrow(/not UTF-8/);
  commitNamed(Buffer.from('.atomic'));
  expect(() => importInto(emptyRepository())).toThrow(/cannot be here/);
});

test('an import that is broken off is taken up again, and ends the same', () => {
  sample.commitFiles('base', { 'a.txt': '1\n' });
  sample.commitFiles('second', { 'a.txt': '2\n' });
  const repository = emptyRepository();
  const broken = (): ImportOutcome =>
    importGit(repository, sample.folder, {
      actor: 'Ada',
      each: (done) => {
        if (done === 2) throw new Error('pulled the plug');
      },
    });
  expect(broken).toThrow('pulled the plug');
  expect(repository.store.patches.count).toBe(0);
  importInto(repository);
  expect(hashesOf(repository)).toEqual(hashesOf(imported()));
});
