// The commits of a git repository as they are imported: parents first, each with its changes against its first parent.

import { fromIso, instant, type Instant } from 'kernel/basics';

import type { Author } from '../patches/patch.ts';
import { nameUnreadable, objectMissing } from './faults.ts';
import { git } from './run-git.ts';

/** What a tree has at a path: git's mode, as octal text, and the object. */
export interface GitEntry {
  readonly mode: string;
  readonly object: string;
}

export interface GitChange {
  readonly path: string;
  /** Where it was, if git finds that it moved. */
  readonly from: string | null;
  /** Null: it is gone. */
  readonly now: GitEntry | null;
}

export interface GitCommit {
  readonly id: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: Author;
  readonly authoredAt: Instant;
  readonly zoneMinutes: number;
  readonly committer: Author;
  /** First line, and the rest. */
  readonly message: string;
  readonly description: string;
}

const COMMITS_AT_ONCE = 2000;
const NOTHING = '0000000000000000000000000000000000000000';

/** Ids with their parents, parents first; the same order each time. */
export function readOrder(folder: string, tips: readonly string[]): readonly (readonly [string, readonly string[]])[] {
  const text = git(folder, ['rev-list', '--topo-order', '--reverse', '--parents', '--stdin'], `${tips.join('\n')}\n`);
  return linesOf(text.toString()).map((line) => {
    const [id = '', ...parents] = line.split(' ');
    return [id, parents];
  });
}

const linesOf = (text: string): readonly string[] => text.split('\n').filter((line) => line !== '');

export function readCommits(folder: string, ids: readonly string[]): readonly GitCommit[] {
  const found: GitCommit[] = [];
  for (let at = 0; at < ids.length; at += COMMITS_AT_ONCE) {
    const some = ids.slice(at, at + COMMITS_AT_ONCE);
    for (const [index, body] of readObjects(folder, some).entries()) found.push(commitOf(some[index] ?? '', body));
  }
  return found;
}

/** The contents of objects, in the order asked. */
export function readObjects(folder: string, ids: readonly string[]): readonly Buffer[] {
  if (ids.length === 0) return [];
  const output = git(folder, ['cat-file', '--batch', '--buffer'], `${ids.join('\n')}\n`);
  const bodies: Buffer[] = [];
  let at = 0;
  while (at < output.length) {
    const end = output.indexOf(10, at);
    const size = Number(output.toString('latin1', at, end).split(' ')[2]);
    if (!Number.isInteger(size)) throw objectMissing(folder, output.toString('latin1', at, end).split(' ')[0] ?? '');
    bodies.push(output.subarray(end + 1, end + 1 + size));
    at = end + size + 2;
  }
  return bodies;
}

/** The sizes of objects in bytes, in the order asked. */
export function readSizes(folder: string, ids: readonly string[]): ReadonlyMap<string, number> {
  if (ids.length === 0) return new Map();
  const output = git(folder, ['cat-file', '--batch-check', '--buffer'], `${ids.join('\n')}\n`).toString();
  return new Map(
    linesOf(output).map((line) => {
      const [id = '', , size] = line.split(' ');
      if (!/^\d+$/.test(size ?? '')) throw objectMissing(folder, id);
      return [id, Number(size)];
    }),
  );
}

const IDENTITY = /^(.*?) ?<([^>]*)> (-?\d+) ([+-])(\d{2})(\d{2})$/;

function commitOf(id: string, body: Buffer): GitCommit {
  const split = body.indexOf('\n\n');
  const headText = body.toString('latin1', 0, split === -1 ? body.length : split);
  const heads = headText.split('\n');
  const valueOf = (key: string): string =>
    heads.find((line) => line.startsWith(`${key} `))?.slice(key.length + 1) ?? '';
  const encoding = valueOf('encoding') || 'utf-8';
  const text = (bytes: Buffer): string => decode(bytes, encoding);
  const author = identityOf(text(Buffer.from(valueOf('author'), 'latin1')));
  const committer = identityOf(text(Buffer.from(valueOf('committer'), 'latin1')));
  const whole = split === -1 ? '' : text(body.subarray(split + 2));
  const firstEnd = whole.indexOf('\n');
  return {
    id,
    tree: valueOf('tree'),
    parents: heads.filter((line) => line.startsWith('parent ')).map((line) => line.slice(7)),
    author: author.author,
    authoredAt: author.at,
    zoneMinutes: author.zoneMinutes,
    committer: committer.author,
    message: firstEnd === -1 ? whole : whole.slice(0, firstEnd),
    description: firstEnd === -1 ? '' : whole.slice(firstEnd + 1),
  };
}

function identityOf(text: string): { readonly author: Author; readonly at: Instant; readonly zoneMinutes: number } {
  const match = IDENTITY.exec(text);
  if (match === null) return { author: { name: text, email: '' }, at: fromIso('1970-01-01T00:00:00Z'), zoneMinutes: 0 };
  const [, name = '', email = '', seconds = '0', sign, hours = '0', minutes = '0'] = match;
  const zone = (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -1 : 1);
  return {
    author: { name, email },
    at: instant(Number(seconds) * 1000),
    zoneMinutes: Math.abs(zone) > 1440 ? 0 : zone,
  };
}

/** UTF-8 where it is, else what the commit says it is, else latin-1: every byte is some letter there. */
function decode(bytes: Buffer, encoding: string): string {
  for (const name of ['utf-8', encoding]) {
    try {
      return new TextDecoder(name, { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      // Not in that encoding, or none that is known: the next one.
    }
  }
  return bytes.toString('latin1');
}

/** For each commit, what it changed against its first parent; against nothing for a first one. */
export function readChanges(
  folder: string,
  commits: readonly (readonly [string, readonly string[]])[],
): ReadonlyMap<string, readonly GitChange[]> {
  const lines = commits.map(([id, [first]]) => (first === undefined ? id : `${id} ${first}`));
  const options = [
    'diff-tree',
    '--stdin',
    '-r',
    '-z',
    '--root',
    '--raw',
    '--no-abbrev',
    '-M50%',
    '-l400',
    '--no-ext-diff',
  ];
  const output = git(folder, [...options, '--no-textconv', '--ignore-submodules=none'], `${lines.join('\n')}\n`);
  const changes = new Map<string, GitChange[]>();
  let open: GitChange[] = [];
  let id = '';
  for (let at = 0; at < output.length;) {
    const end = output.indexOf(0, at);
    const line = output.toString('latin1', at, end);
    at = end + 1;
    if (!line.startsWith(':')) {
      id = line.slice(0, 40);
      open = [];
      changes.set(id, open);
      continue;
    }
    const [, mode = '', , object = '', status = ''] = line.split(' ');
    const path = (): string => {
      const stop = output.indexOf(0, at);
      const bytes = output.subarray(at, stop);
      at = stop + 1;
      const name = bytes.toString();
      if (!Buffer.from(name).equals(bytes)) throw nameUnreadable(id);
      return name;
    };
    const first = path();
    const isMove = status.startsWith('R') || status.startsWith('C');
    const second = isMove ? path() : first;
    const isGone = object === NOTHING;
    open.push({ path: second, from: status.startsWith('R') ? first : null, now: isGone ? null : { mode, object } });
  }
  return changes;
}

/** Every file of a commit's tree, by path. */
export function readTree(folder: string, commit: string): ReadonlyMap<string, GitEntry> {
  const output = git(folder, ['ls-tree', '-r', '-z', '--full-tree', commit]);
  const files = new Map<string, GitEntry>();
  for (let at = 0; at < output.length;) {
    const end = output.indexOf(0, at);
    const tab = output.indexOf(9, at);
    const [mode = '', , object = ''] = output.toString('latin1', at, tab).split(' ');
    files.set(output.toString('utf8', tab + 1, end), { mode, object });
    at = end + 1;
  }
  return files;
}

/** Branches with their commits. */
export function readBranches(folder: string): ReadonlyMap<string, string> {
  return readRefs(folder, 'refs/heads/');
}

/** Tags with the commits they lead to. */
export function readTags(folder: string): ReadonlyMap<string, string> {
  return readRefs(folder, 'refs/tags/');
}

function readRefs(folder: string, under: string): ReadonlyMap<string, string> {
  const format = '%(refname) %(objectname) %(*objectname) %(objecttype) %(*objecttype)';
  const lines = linesOf(git(folder, ['for-each-ref', `--format=${format}`, under]).toString());
  return new Map(
    lines.flatMap((line) => {
      const [name = '', object = '', peeled = ''] = line.split(' ');
      const isCommit = line.endsWith(' commit') || / commit *$/.test(line);
      return isCommit ? [[name.slice(under.length), peeled === '' ? object : peeled] as const] : [];
    }),
  );
}
