import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import fc from 'fast-check';
import { expect, test } from 'vitest';

import { casesOr, seedOr } from '../patches/cases.ts';
import { Origins } from './credit.ts';
import type { OpenText } from './open-text.ts';
import { Replicas } from './replicas.ts';

const text = (lines: readonly string[]): Buffer => Buffer.from(lines.map((line) => `${line}\n`).join(''));
const linesOf = (printed: string): readonly string[] => printed.split('\n').slice(0, -1);
/** A line that stands around or between the sides of a conflict. */
const MARKER = /^(?:>{7,}|<{7,}|={7,}) .*\n/gm;

interface Step {
  readonly replica: number;
  readonly act: number;
  readonly places: readonly number[];
}
const step: fc.Arbitrary<Step> = fc.record({
  replica: fc.nat(2),
  act: fc.nat(11),
  places: fc.array(fc.nat(30), { minLength: 4, maxLength: 4 }),
});
const PULL = 9;

/** One random edit of a text of lines; at times a line that somebody else may write too. */
function edited(
  lines: readonly string[],
  { act, places: [at = 0, count = 0, word = 0] }: Step,
  unique: number,
): string[] {
  const next = [...lines];
  const place = next.length === 0 ? 0 : at % (next.length + 1);
  const fresh = Array.from({ length: 1 + (count % 2) }, (_, index) =>
    word % 3 === 0 ? `same ${word}` : `line ${unique}.${index}`,
  );
  if (act < 4) next.splice(place, 0, ...fresh);
  else if (act < 6) next.splice(place, 1 + (count % 3));
  else next.splice(place, 1 + (count % 2), ...fresh);
  return next;
}

/** Who is credited with the first byte of each line that only one patch ever wrote. */
function creditsOf(open: OpenText): ReadonlyMap<string, number> {
  const printed = open.printed();
  const origins = new Origins(open);
  const credits = new Map<string, number>();
  let at = 0;
  for (const line of linesOf(printed.bytes.toString())) {
    const [range] = printed.piecesIn(at, at + 1)[0]?.ranges ?? [];
    const [first] = range === undefined ? [] : origins.of(range);
    if (line.startsWith('line ') && first !== undefined) credits.set(line, first.patch);
    at += Buffer.byteLength(line) + 1;
  }
  return credits;
}

/** Three replicas edit, pull and settle; every record is checked as it happens. */
function worldOf(
  steps: readonly Step[],
  counts: { recorded: number; whole: number; conflicts: number; settled: number },
): Replicas {
  const world = new Replicas(3);
  const writers = new Map<string, number>();
  world.record(0, text(['1', '2', '3', '4', '5']));
  world.pull(1, 0);
  world.pull(2, 0);
  for (const [unique, each] of steps.entries()) {
    const { replica, act, places } = each;
    if (act >= PULL) {
      for (const patch of world.patches.keys()) if ((patch + (places[0] ?? 0)) % 2 === 0) world.pull(replica, patch);
      continue;
    }
    const open = (): OpenText => world.open(world.sets[replica] ?? []);
    const before = open().printed();
    // P9: markers stand in the text exactly where something is in conflict.
    expect(before.bytes.toString().match(MARKER) !== null).toBe(before.blocks.length > 0);
    const isSettled = before.blocks.length > 0 && (places[3] ?? 0) % 2 === 0;
    if (before.blocks.length > 0) counts.conflicts += 1;
    if (before.blocks.length > 0 && !isSettled) continue;
    if (isSettled) counts.settled += 1;
    const after = text(edited(linesOf(before.bytes.toString().replaceAll(MARKER, '')), each, unique));
    const recording = world.record(replica, after);
    if (recording.kind === 'markers-left') throw new Error(`Markers are left: ${recording.lines.join()}`);
    if (recording.kind === 'changed') counts.recorded += 1;
    if (recording.kind === 'changed' && recording.by === 'whole-file') counts.whole += 1;
    // P3, P4: what was recorded is printed, and nothing is left to record.
    expect(open().printed().bytes.toString()).toBe(after.toString());
    expect(world.record(replica, after).kind).toBe('unchanged');
    // P13: a line is credited to who wrote it first, whatever happened since.
    for (const [line, patch] of creditsOf(open())) {
      if (!writers.has(line)) writers.set(line, patch);
      expect(patch, line).toBe(writers.get(line));
    }
  }
  return world;
}

test('what is recorded is what is printed, conflicts are honest, and credit stays with who wrote a line', () => {
  const counts = { recorded: 0, whole: 0, conflicts: 0, settled: 0 };
  fc.assert(
    fc.property(fc.array(step, { minLength: 5, maxLength: 30 }), (steps) => {
      const world = worldOf(steps, counts);
      // P1, P7: whoever has all patches prints the same, in whatever order they came.
      const all = [...world.patches.keys()];
      const expected = world.open(all).printed().bytes;
      expect(world.open(all.toReversed()).printed().bytes.equals(expected)).toBe(true);
    }),
    { numRuns: casesOr(60), seed: seedOr(1) },
  );
  expect(counts.conflicts).toBeGreaterThan(counts.recorded / 100);
  // Lines that are equal, written by several at one place and in conflict: there, at times, the file is written anew.
  expect(counts.whole / counts.recorded).toBeLessThan(0.01);
});

test('a merge that git does cleanly is the same here, and clean', () => {
  const folder = mkdtempSync(join(tmpdir(), 'atomic-merge-'));
  const counts = { gitClean: 0, gitConflict: 0, cleanHereOnly: 0 };
  const base = fc
    .array(fc.nat(99), { minLength: 6, maxLength: 24 })
    .map((numbers) => numbers.map((n, at) => `${at}.${n}`));
  const edits = fc.array(step, { minLength: 1, maxLength: 3 });
  try {
    fc.assert(
      fc.property(base, edits, edits, (lines, ours, theirs) => {
        const sideOf = (steps: readonly Step[], name: number): string[] =>
          steps.reduce((side, each, at) => edited(side, { ...each, act: each.act % PULL }, name + at), [...lines]);
        const [left, right] = [sideOf(ours, 100), sideOf(theirs, 200)];
        const world = new Replicas(2);
        world.record(0, text(lines));
        world.pull(1, 0);
        world.record(0, text(left));
        world.record(1, text(right));
        const merged = world.open(world.patches.keys()).printed();
        for (const [name, side] of [
          ['base', lines],
          ['left', left],
          ['right', right],
        ] as const) {
          writeFileSync(join(folder, name), text(side));
        }
        const git = spawnSync('git', ['merge-file', '-p', 'left', 'base', 'right'], { cwd: folder });
        if (git.status === 0) {
          counts.gitClean += 1;
          expect(merged.bytes.toString()).toBe(git.stdout.toString());
          expect(merged.blocks).toEqual([]);
        } else {
          counts.gitConflict += 1;
          if (merged.blocks.length === 0) counts.cleanHereOnly += 1;
        }
      }),
      { numRuns: casesOr(80), seed: seedOr(2) },
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
  if (process.env['ATOMIC_CASES'] !== undefined) process.stderr.write(`${JSON.stringify(counts)}\n`);
  expect(counts.gitClean).toBeGreaterThan(0);
});
