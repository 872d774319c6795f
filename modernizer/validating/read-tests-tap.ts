// Reads the Test Anything Protocol with its subtests: tape, node-tap from 1 on, node:test, ava, mocha, qunit, vitest.
// Rule: a test is what holds no other test. What only says that something inside it failed is not counted again, but
// names what it holds; a file or suite that fails although nothing inside it does is a failure of its own.

import type { TestCounts } from '../protocol/index.ts';

interface Point {
  readonly name: string;
  readonly state: 'passed' | 'failed' | 'skipped';
  /** How far in it stands; what it belongs to stands less far in and comes after it. */
  indent: number;
  path: readonly string[];
}

/** A subtest that is printed before what it holds, between braces. */
interface Frame {
  readonly indent: number;
  readonly name: string;
  readonly state: Point['state'];
  readonly begin: number;
}

const POINT = /^( *)(not ok|ok)\b(?: +\d+)?(?: +-)? *(.*)$/;

export function readTap(text: string): TestCounts | undefined {
  if (!/^ *(?:TAP version \d+|\d+\.\.\d+)/m.test(text)) return undefined;
  const points = pointsIn(text);
  if (points.length === 0) return undefined;
  const count = (state: Point['state']): number => points.filter((point) => point.state === state).length;
  const failing = points.filter(({ state }) => state === 'failed').map(({ name, path }) => [...path, name].join(' > '));
  return {
    passed: count('passed'),
    failed: count('failed'),
    skipped: count('skipped'),
    failing: failing.filter((name) => name !== ''),
    runner: 'tap',
  };
}

function pointsIn(text: string): readonly Point[] {
  const points: Point[] = [];
  const frames: Frame[] = [];
  /** How far in the block of details stands that is being skipped: it may hold lines that look like points. */
  let details: number | null = null;
  for (const line of text.split('\n')) {
    const indent = line.length - line.trimStart().length;
    if (details !== null) {
      if (line.trim() === '...') details = null;
      if (details !== null && (indent >= details || line.trim() === '' || !POINT.test(line))) continue;
      details = null;
    }
    if (line.trim() === '---') details = indent;
    const frame = frames.at(-1);
    if (line.trim() === '}' && frame?.indent === indent) {
      frames.pop();
      claim(points, frame.begin, frame);
      continue;
    }
    const match = POINT.exec(line);
    if (match === null) continue;
    const [, , ok, words = ''] = match;
    const own = { indent, name: nameIn(words), state: stateOf(ok === 'ok', words) };
    if (words.endsWith('{')) frames.push({ ...own, begin: points.length });
    else claim(points, beginOfInner(points, indent, frame?.begin ?? 0), own);
  }
  return points;
}

/** Where the points begin that stand further in than the one that now closes them. */
function beginOfInner(points: readonly Point[], indent: number, from: number): number {
  let begin = points.length;
  while (begin > from && (points[begin - 1]?.indent ?? 0) > indent) begin -= 1;
  return begin;
}

/** Lets a point hold those from `begin` on; one that holds none is a test itself. */
function claim(points: Point[], begin: number, own: Omit<Frame, 'begin'>): void {
  const inner = points.slice(begin);
  for (const point of inner) {
    point.indent = own.indent;
    if (own.name !== '') point.path = [own.name, ...point.path];
  }
  const explained = inner.some(({ state }) => state === 'failed') || own.state !== 'failed';
  if (inner.length === 0 || !explained) points.push({ ...own, path: [] });
}

const stateOf = (ok: boolean, words: string): Point['state'] =>
  /# *(?:skip|todo)\b/i.test(words) ? 'skipped' : ok ? 'passed' : 'failed';

const nameIn = (words: string): string =>
  words
    .replace(/\s*\{$/, '')
    .replace(/\s*# time=.*$/, '')
    .trim();

/**
 * Before its first major, node-tap printed a line for each file, then what the file itself had printed:
 * `not ok test/a.js ..... 3/6` and in the end `total ..... 5/8`.
 */
export function readEarlyTap(text: string): TestCounts | undefined {
  const [, right, all] = [...text.matchAll(/^total \.{3,} (\d+)\/(\d+)$/gm)].at(-1) ?? [];
  if (right === undefined || all === undefined) return undefined;
  let file = '';
  const failing: string[] = [];
  let skipped = 0;
  for (const line of text.split('\n')) {
    file = /^(?:not ok|ok) (\S+) \.{3,} \d+\/\d+$/.exec(line)?.[1] ?? file;
    const match = POINT.exec(line);
    if (match === null || match[1] === '') continue;
    const [, , ok, words = ''] = match;
    const state = stateOf(ok === 'ok', words);
    if (state === 'skipped') skipped += 1;
    if (state === 'failed') failing.push(nameIn(words) === file ? file : `${file} > ${nameIn(words)}`);
  }
  const failed = Math.max(failing.length, Number(all) - Number(right) - skipped);
  return { passed: Number(right), failed, skipped, failing, runner: 'tap' };
}
