import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { ignoreRules } from '../working-copy/ignore-rules.ts';
import { statFile } from '../working-copy/scan.ts';
import type { KnownFiles } from './known-files.ts';
import { lookAtAll, lookAtNamed, type LookedAt } from './look.ts';
import type { RecordedRow } from './open-rows.ts';

const LATER = Date.UTC(2050, 0, 1);

let root = '';
beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'atomic-look-'))));
afterEach(() => rmSync(root, { recursive: true, force: true }));

const write = (path: string, text: string): void => writeFileSync(join(root, path), text);
const touch = (path: string, seconds: number): void => utimesSync(join(root, path), seconds, seconds);

function looked(known: KnownFiles = new Map(), rows: readonly RecordedRow[] = []): LookedAt {
  const rules = ignoreRules(root);
  return { root, known, rows: () => rows, rules: () => rules, nowMs: LATER };
}

function recorded(path: string, text: string): RecordedRow {
  const file = statFile(root, path);
  const contentHash = createHash('sha256').update(text).digest();
  return { path, mtimeNs: file?.mtimeNs ?? 0n, size: BigInt(text.length), ino: file?.ino ?? 0n, contentHash };
}

const told = ({ seen }: { readonly seen: readonly { readonly path: string; readonly text?: Buffer }[] }) =>
  seen.map(({ path, text }) => [path, text?.toString()]);

test('a file that is as it was recorded is not told, touched or not', () => {
  write('a', 'one');
  const rows = [recorded('a', 'one')];
  expect(told(lookAtAll(looked(new Map(), rows)))).toEqual([]);
  touch('a', 1000);
  expect(told(lookAtAll(looked(new Map(), rows)))).toEqual([]);
});

test('a file with another text is told, of the same length or not, and then no more', () => {
  write('a', 'one');
  write('b', 'two');
  const rows = [recorded('a', 'one'), recorded('b', 'two')];
  write('a', 'eno');
  write('b', 'more');
  touch('a', 1000);
  touch('b', 1000);
  const first = lookAtAll(looked(new Map(), rows));
  expect(told(first)).toEqual([
    ['a', 'eno'],
    ['b', 'more'],
  ]);
  expect(told(lookAtAll(looked(first.known, rows)))).toEqual([]);
});

test('a text whose hash nobody took is told once more when its file is touched, and then compared', () => {
  write('a', 'one');
  const first = lookAtNamed(looked(), ['a']);
  expect(first.seen).toEqual([{ path: 'a', hash: '', text: Buffer.from('one') }]);
  write('a', 'two');
  touch('a', 1000);
  const second = lookAtAll(looked(first.known));
  expect(told(second)).toEqual([['a', 'two']]);
  touch('a', 2000);
  expect(told(lookAtAll(looked(second.known)))).toEqual([['a', 'two']]);
});

test('a file that is brought back to what was recorded is told by its hash', () => {
  write('a', 'one');
  const row = recorded('a', 'one');
  write('a', 'two!');
  const changed = lookAtNamed(looked(), ['a']);
  write('a', 'one');
  const back = lookAtAll(looked(changed.known, [{ ...row, ...statFile(root, 'a'), path: 'a', size: 3n }]));
  expect(back.seen).toEqual([{ path: 'a', hash: Buffer.from(row.contentHash).toString('base64') }]);
  expect(back.known.size).toBe(0);
});
