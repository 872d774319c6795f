// What attribution costs: the same histories recorded with and without it, in turns, so that both meet the same machine.
// Patches are of the size that programs have them (about twenty lines in two files); every one of them is attributed, which
// is more than anybody has. Says the median ratio of paired runs with its interval, and bytes exactly.

import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { initRepository, keepAttribution, recordChanges, type Attribution, type Repository } from 'atomic/repository';

import { header } from './atomic-histories/independent-patches.ts';
import { inFolder, outputOf, ROOT } from './measuring/programs.ts';
import { quantile, report, rounds } from './measuring/report.ts';

const PAIRS = rounds(30);
const PATCHES = 120;
const FILES = 12;
const LINES_EACH = 10;
const LENGTH = 600;

/** Words that a seeded source picks: text that compresses as text does. */
const WORDS =
  'const value return await import export function if else for of new Map Set string number readonly type'.split(' ');

function lineOf(seed: number): string {
  let state = seed * 2_654_435_761;
  const words = Array.from({ length: 8 }, () => {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) >>> 0;
    return `${WORDS[state % WORDS.length]}${state % 7 === 0 ? state % 1000 : ''}`;
  });
  return `  ${words.join(' ')};\n`;
}

const attributionOf = (round: number): Attribution => ({
  actor: 'ai',
  author: { kind: 'header', n: 0, key: null },
  source: {
    evidence: 'hook',
    model: {
      kind: 'known',
      provider: 'anthropic',
      model: 'claude-sonnet-4-5',
      version: null,
      temperatureMilli: null,
      maxTokens: null,
    },
    agent: {
      tool: 'claude-code',
      toolVersion: '2.1.0',
      mode: null,
      sessionId: `a-session-${Math.floor(round / 20)}`,
      turn: String(round % 20),
      toolUseId: null,
      subagent: null,
    },
  },
  suggestion: 'complete',
  confidence: null,
  acceptance: null,
  reviewMs: null,
  prompt: null,
  tokens: { kind: 'split', input: 1200 + round, output: 340 + round, reasoning: 0, cacheRead: 0, cacheWrite: 0 },
  cost: null,
  hunks: [],
});

/** Records the history as a person does, from files on the disk; each step gives the time that one record took. */
function* replay(repository: Repository, isAttributed: boolean): Generator<number> {
  const files = Array.from({ length: FILES }, (_, file) =>
    Array.from({ length: LENGTH }, (_, line) => lineOf(file * LENGTH + line)),
  );
  const write = (at: number): void => writeFileSync(join(repository.root, `file-${at}.ts`), (files[at] ?? []).join(''));
  const record = (round: number): void => {
    const attributed = isAttributed ? { attribute: () => keepAttribution(attributionOf(round), randomBytes) } : {};
    const outcome = recordChanges(repository, {
      header: header(`round ${round}`, round),
      actor: 'bench',
      isChosen: () => true,
      ...attributed,
    });
    if (outcome.kind !== 'recorded') throw new Error(`Round ${round} was not recorded.`);
  };
  for (const at of files.keys()) write(at);
  record(0);
  for (let round = 1; round <= PATCHES; round += 1) {
    for (const at of [round % FILES, (round * 5 + 1) % FILES]) {
      const lines = files[at] ?? [];
      const place = (round * 37) % (LENGTH - LINES_EACH);
      for (let line = 0; line < LINES_EACH; line += 1) lines[place + line] = lineOf(round * 1000 + at * 50 + line);
      write(at);
    }
    const startedAt = performance.now();
    record(round);
    yield performance.now() - startedAt;
  }
}

const sizeOf = (folder: string): number =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'cache.db' && !/-(?:wal|shm)$/.test(entry.name))
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);

interface Pair {
  /** Median time of an attributed record over that of a plain one. */
  readonly ratio: number;
  readonly plainBytes: number;
  readonly attributedBytes: number;
  readonly plainPlace: string;
  readonly attributedPlace: string;
}

/** Both histories in step, record by record, each second one the other way round: what comes by meets both alike. */
function pairOf(folder: string, pair: number): Pair {
  const sides = [false, true].map((isAttributed) => {
    const place = join(folder, `${pair}-${isAttributed}`);
    mkdirSync(place);
    const repository = initRepository(place);
    return { place, repository, steps: replay(repository, isAttributed), times: [] as number[] };
  });
  for (let round = 0; round < PATCHES; round += 1) {
    for (const side of round % 2 === pair % 2 ? sides : sides.toReversed()) {
      const { value } = side.steps.next();
      if (typeof value === 'number') side.times.push(value);
    }
  }
  const [plain, attributed] = sides.map(({ place, repository, times }) => {
    repository.store.pack({ all: true });
    repository.close();
    return { ms: quantile(times), bytes: sizeOf(join(place, '.atomic')), place };
  });
  if (plain === undefined || attributed === undefined) throw new Error('A side is missing.');
  return {
    ratio: attributed.ms / plain.ms,
    plainBytes: plain.bytes,
    attributedBytes: attributed.bytes,
    plainPlace: plain.place,
    attributedPlace: attributed.place,
  };
}

/** What a clone of it receives. */
async function sentBytes(place: string): Promise<number> {
  const bin = join(ROOT, 'atomic/bin/atomic');
  const json = await outputOf([bin, 'clone', place, `${place}-clone`, '--json']);
  return (JSON.parse(json) as { traffic: { received: number } }).traffic.received;
}

await inFolder(async (folder) => {
  const pairs = Array.from({ length: PAIRS }, (_, pair) => pairOf(folder, pair));
  const ratios = pairs.map(({ ratio }) => ratio);
  const [last] = pairs.slice(-1);
  report('atomic-attribution', [
    { what: `time of a record, attributed, median of ${PAIRS} pairs`, value: quantile(ratios), unit: '' },
    { what: 'the same, lower quartile', value: quantile(ratios, 0.25), unit: '' },
    { what: 'the same, upper quartile', value: quantile(ratios, 0.75), unit: '' },
    {
      what: 'size of the repository, packed',
      value: last?.attributedBytes ?? 0,
      floor: last?.plainBytes ?? 0,
      floorName: 'without',
      unit: 'bytes',
    },
    {
      what: 'bytes that a clone receives',
      value: last === undefined ? 0 : await sentBytes(last.attributedPlace),
      floor: last === undefined ? 0 : await sentBytes(last.plainPlace),
      floorName: 'without',
      unit: 'bytes',
    },
  ]);
});
