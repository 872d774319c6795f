import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { instant, systemClock } from 'kernel/basics';
import type { Outcome } from 'kernel/sandbox';

import { makeTree, type TreePorts } from './make-tree.ts';
import { planTree } from './plan-tree.ts';
import { readPlaces, type Places } from './read-places.ts';
import { openTreeStore } from './tree-store.ts';

interface Locked {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly optional?: boolean;
  readonly link?: boolean;
  readonly bin?: Readonly<Record<string, string>>;
}

const pack = (name: string, more: Locked = {}): Locked => ({
  version: '1.0.0',
  resolved: `https://registry.npmjs.org/${name}/-/${name}-1.0.0.tgz`,
  integrity: `sha512-${name}`,
  ...more,
});
const lockOf = (packages: Readonly<Record<string, Locked>>): string =>
  JSON.stringify({ lockfileVersion: 3, packages: { '': {}, ...packages } });
const placesOf = (packages: Readonly<Record<string, Locked>>): Places => {
  const reading = readPlaces(lockOf(packages), 'here');
  if (reading.kind !== 'places') throw new Error(reading.reason);
  return reading;
};

describe('a lockfile that comes from a project', () => {
  const reasonOf = (packages: Readonly<Record<string, Locked>>): string => {
    const reading = readPlaces(lockOf(packages), 'here');
    return reading.kind === 'places' ? 'shared' : reading.reason;
  };

  test('is shared when every package is an archive of the registry at a place of its own', () => {
    const packages = { 'node_modules/a': pack('a'), 'node_modules/a/node_modules/@s/b': pack('b') };
    expect(reasonOf(packages)).toBe('shared');
  });

  test.each([
    ['../../etc', 'a package has a place of its own'],
    ['node_modules/../../etc', 'a package has a place of its own'],
    ['node_modules/a/../b', 'a package has a place of its own'],
    ['node_modules/.bin', 'a package has a place of its own'],
    ['node_modules/.package-lock.json', 'a package has a place of its own'],
    ['node_modules/a/lib', 'a package has a place of its own'],
    ['packages/a', 'a package has a place of its own'],
    ['/node_modules/a', 'a package has a place of its own'],
  ])('never puts a package at %s', (place, reason) => {
    expect(reasonOf({ [place]: pack('a') })).toBe(reason);
  });

  test.each([
    ['a link', { link: true }],
    ['no hash', { integrity: '' }],
    ['a git repository', { resolved: 'git+ssh://git@example.com/a.git' }],
    ['a folder', { resolved: 'file:../a' }],
  ])('with %s is not shared', (_, more) => {
    expect(reasonOf({ 'node_modules/a': pack('a', more) })).toContain('does not come from the registry');
  });

  test.each([{ '../../evil': 'a.js' }, { a: '../../../evil' }, { a: '/etc/passwd' }])(
    'never links the command %o',
    (bin) => expect(reasonOf({ 'node_modules/a': pack('a', { bin }) })).toContain('commands of another kind'),
  );

  test('has another key on another machine, for another archive and at another place', () => {
    const keyOf = (place: string, name: string, machine: string): string => {
      const reading = readPlaces(lockOf({ [place]: pack(name) }), machine);
      return reading.kind === 'places' ? reading.key : '';
    };
    const keys = [
      keyOf('node_modules/a', 'a', 'here'),
      keyOf('node_modules/a', 'a', 'there'),
      keyOf('node_modules/a', 'b', 'here'),
      keyOf('node_modules/b', 'a', 'here'),
    ];
    expect(new Set(keys).size).toBe(4);
  });
});

describe('one tree out of others', () => {
  const known = (key: string, packages: Readonly<Record<string, Locked>>, leftOut: readonly string[] = []) => ({
    key,
    at: Object.fromEntries(Object.entries(packages).map(([place, { integrity = '' }]) => [place, integrity])),
    leftOut,
  });

  test('begins with the nearest, takes what another has, and leaves to npm what none has', () => {
    const far = known('far', { 'node_modules/z': pack('z') });
    const near = known('near', {
      'node_modules/a': pack('a'),
      'node_modules/b': pack('b'),
      'node_modules/c': pack('c'),
    });
    const wanted = {
      'node_modules/a': pack('a'),
      'node_modules/b': pack('b2'),
      'node_modules/c': pack('c'),
      'node_modules/c/node_modules/z': pack('z'),
    };
    expect(planTree(placesOf(wanted), [far, near])).toEqual({
      base: 'near',
      remove: [],
      empty: ['node_modules/b'],
      add: [{ place: 'node_modules/c/node_modules/z', piece: { tree: 'far', place: 'node_modules/z' } }],
      missing: ['node_modules/b'],
      leftOut: [],
    });
  });

  test('removes a package with its folder of a scope when nothing else lies there, and never a wanted one below', () => {
    const before = known('before', {
      'node_modules/@s/x': pack('x'),
      'node_modules/a': pack('a'),
      'node_modules/a/node_modules/b': pack('b'),
      'node_modules/a/node_modules/c': pack('c'),
    });
    const plan = planTree(placesOf({ 'node_modules/a': pack('a2'), 'node_modules/a/node_modules/b': pack('b') }), [
      before,
    ]);
    expect(plan.remove).toEqual(['node_modules/@s', 'node_modules/a/node_modules/c']);
    expect(plan.empty).toEqual(['node_modules/a']);
    const bare = planTree(placesOf({ 'node_modules/a': pack('a') }), [before]);
    expect(bare.remove).toEqual(['node_modules/@s', 'node_modules/a/node_modules']);
  });

  test('an optional package that npm left out on this machine is left out again, one nobody knows is asked of npm', () => {
    const before = known('before', { 'node_modules/a': pack('a') }, ['sha512-mac']);
    const plan = planTree(
      placesOf({
        'node_modules/a': pack('a'),
        'node_modules/mac': pack('mac', { optional: true }),
        'node_modules/new': pack('new', { optional: true }),
      }),
      [before],
    );
    expect(plan).toMatchObject({ missing: ['node_modules/new'], leftOut: ['node_modules/mac'] });
  });
});

describe('trees on the disk', () => {
  let folder = '';
  let installs: string[] = [];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tandem-trees-'));
    installs = [];
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const outcome = (code: number): Outcome => ({
    kind: 'exited',
    code,
    stdout: '',
    stderr: '',
    output: '',
    wallMs: 1,
    memoryBytesPeak: null,
  });

  /** Installs whatever of the lockfile is not there, as npm does; `more` happens after it. */
  const ports = (more: (place: string) => void = () => undefined): TreePorts => ({
    store: openTreeStore(join(folder, 'trees'), systemClock),
    machine: 'here',
    npm(place, task) {
      const { packages } = JSON.parse(readFileSync(join(place, 'package-lock.json'), 'utf8')) as {
        packages: Record<string, Locked>;
      };
      const missing = Object.entries(packages).filter(([at]) => at !== '' && !isThere(join(place, at, 'index.js')));
      for (const [at, { integrity }] of missing) {
        mkdirSync(join(place, at), { recursive: true });
        writeFileSync(join(place, at, 'index.js'), integrity ?? '', { mode: 0o755 });
      }
      installs.push(`${task} ${missing.map(([at]) => at).join(' ')}`);
      more(place);
      return Promise.resolve(outcome(0));
    },
  });
  const isThere = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  const make = async (treePorts: TreePorts, packages: Readonly<Record<string, Locked>>) => {
    const made = await makeTree(treePorts, { manifestText: '{}', lockText: lockOf(packages) });
    if (made.kind !== 'tree') throw new Error(JSON.stringify(made));
    return made;
  };
  const A = { 'node_modules/a': pack('a', { bin: { a: 'index.js' } }) };
  const B = { 'node_modules/b': pack('b') };

  test('the same lockfile is installed once, also by another run', async () => {
    expect((await make(ports(), A)).by).toBe('npm');
    expect((await make(ports(), A)).by).toBe('known');
    expect(installs).toEqual(['install-locked node_modules/a']);
  });

  test('what others have is put together without npm, with its commands, and the others stay as they were', async () => {
    const first = await make(ports(), { ...A, ...B });
    const second = await make(ports(), {
      'node_modules/a': pack('a', { bin: { a: 'index.js' } }),
      'node_modules/b/node_modules/a': pack('b'),
      'node_modules/b': pack('b'),
    });
    expect(second.by).toBe('assembled');
    expect(readdirSync(second.modules).sort()).toEqual(['.bin', '.package-lock.json', 'a', 'b']);
    expect(readFileSync(join(second.modules, '.bin/a'), 'utf8')).toBe('sha512-a');
    expect(readFileSync(join(second.modules, 'b/node_modules/a/index.js'), 'utf8')).toBe('sha512-b');
    expect(readdirSync(join(first.modules, 'b'))).toEqual(['index.js']);
    expect(installs).toHaveLength(1);
  });

  test('of two packages with one command the first by name has it, whichever came last', async () => {
    const tool = (name: string): Locked => pack(name, { bin: { tool: 'index.js' } });
    await make(ports(), { 'node_modules/b': tool('b') });
    const both = await make(ports(), { 'node_modules/a': tool('a'), 'node_modules/b': tool('b') });
    expect(readFileSync(join(both.modules, '.bin/tool'), 'utf8')).toBe('sha512-a');
    const again = await make(ports(), { 'node_modules/b': tool('b'), 'node_modules/c': pack('c') });
    expect(readFileSync(join(again.modules, '.bin/tool'), 'utf8')).toBe('sha512-b');
  });

  test('a tree is found by the version of a package at its top', async () => {
    const versioned = ports((place) =>
      writeFileSync(join(place, 'node_modules/a/package.json'), '{"name":"a","version":"2.0.0"}'),
    );
    const { modules } = await make(versioned, { ...B, 'node_modules/a': pack('a') });
    expect(await ports().store.withPackage('a', '2.0.0')).toBe(modules);
    expect(await ports().store.withPackage('a', '2.0.1')).toBeNull();
    expect(await ports().store.withPackage('c', '2.0.0')).toBeNull();
  });

  test('npm is asked for what is missing alone', async () => {
    await make(ports(), A);
    await make(ports(), { ...A, ...B });
    expect(installs).toEqual(['install-locked node_modules/a', 'install node_modules/b']);
  });

  test('a tree with anything in it that its lockfile does not name is nobody’s', async () => {
    const stranger = ports((place) => mkdirSync(join(place, 'node_modules/stranger')));
    const made = await makeTree(stranger, { manifestText: '{}', lockText: lockOf(A) });
    expect(made).toEqual({ kind: 'not-shared', reason: 'node_modules/stranger is not in the lockfile' });
    expect((await ports().store.known()).length).toBe(0);
  });

  test('what npm resolves otherwise than it was told, or does not install, is nobody’s', async () => {
    const other = ports((place) => writeFileSync(join(place, 'package-lock.json'), lockOf(B)));
    const resolved = await makeTree(other, { manifestText: '{}', lockText: lockOf(A) });
    expect(resolved).toEqual({ kind: 'not-shared', reason: 'npm resolved it otherwise' });
    const failing = { ...ports(), npm: () => Promise.resolve(outcome(1)) };
    const failed = await makeTree(failing, { manifestText: '{}', lockText: lockOf(A) });
    expect(failed).toEqual({ kind: 'not-shared', reason: 'npm did not install it' });
    expect(readdirSync(join(folder, 'trees'))).toEqual([]);
  });

  test('a tree that goes away while it is linked makes one by npm of the trial’s own', async () => {
    await make(ports(), A);
    const gone = ports();
    await gone.store.known();
    rmSync(join(folder, 'trees'), { recursive: true });
    const made = await makeTree(gone, { manifestText: '{}', lockText: lockOf({ ...A, ...B }) });
    expect(made.kind).not.toBe('stopped');
  });

  test('trees that nobody used for a week are removed, those of a trial that may run stay', async () => {
    let now = Date.now();
    const clock = { ...systemClock, now: () => instant(now) };
    const week = 7 * 24 * 60 * 60_000;
    const at = (): TreePorts => ({ ...ports(), store: openTreeStore(join(folder, 'trees'), clock) });
    await make(at(), A);
    now += week / 2;
    await make(at(), B);
    await make(at(), A);
    now += week / 2 + 60_000;
    await make(at(), { ...A, ...B });
    expect(readdirSync(join(folder, 'trees'))).toHaveLength(3);
    now += week / 2;
    await make(at(), { ...B, 'node_modules/c': pack('c') });
    expect(readdirSync(join(folder, 'trees'))).toHaveLength(2);
  });
});
