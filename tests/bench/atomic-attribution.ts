// What attribution costs: the same histories recorded with and without it, in turns, so that both meet the same machine.
// Patches are of the size that programs have them (about twenty lines in two files); every one of them is attributed, which
// is more than anybody has. Says the median ratio of paired runs with its interval, and bytes exactly.

import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

import {
  DraftBuilder,
  initRepository,
  keepAttribution,
  recordDraft,
  type Attribution,
  type Repository,
} from 'atomic/repository';

import { audit, header } from './atomic-histories/independent-patches.ts';
import { inFolder } from './measuring/programs.ts';
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

/** Records the history; the times of single records. */
function replay(repository: Repository, isAttributed: boolean): readonly number[] {
  const files = Array.from({ length: FILES }, (_, file) =>
    Array.from({ length: LENGTH }, (_, line) => lineOf(file * LENGTH + line)),
  );
  const first = new DraftBuilder(repository.view());
  for (const [at, lines] of files.entries()) {
    first.add(`file-${at}.ts`, { kind: 'text', isExecutable: false }, Buffer.from(lines.join('')));
  }
  const record = (builder: DraftBuilder, round: number): void => {
    const kept = isAttributed ? keepAttribution(attributionOf(round), randomBytes) : null;
    recordDraft(repository, builder, {
      header: header(`round ${round}`, round),
      channel: 'main',
      view: repository.view(),
      audit: audit('record'),
      ...(kept === null ? {} : { attribute: () => kept }),
    });
  };
  record(first, 0);
  const times: number[] = [];
  for (let round = 1; round <= PATCHES; round += 1) {
    const startedAt = performance.now();
    const view = repository.view();
    const builder = new DraftBuilder(view);
    for (const at of [round % FILES, (round * 5 + 1) % FILES]) {
      const lines = files[at] ?? [];
      const place = (round * 37) % (LENGTH - LINES_EACH);
      for (let line = 0; line < LINES_EACH; line += 1) lines[place + line] = lineOf(round * 1000 + at * 50 + line);
      const entry = view.tree().entries.get(`file-${at}.ts`);
      if (entry !== undefined) builder.change(entry, Buffer.from(lines.join('')));
    }
    record(builder, round);
    times.push(performance.now() - startedAt);
  }
  return times;
}

const sizeOf = (folder: string): number =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'cache.db' && !/-(?:wal|shm)$/.test(entry.name))
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);

interface Measured {
  readonly ms: number;
  readonly bytes: number;
}

async function measured(folder: string, name: string, isAttributed: boolean): Promise<Measured> {
  const place = join(folder, name);
  mkdirSync(place);
  const repository = initRepository(place);
  const ms = quantile(replay(repository, isAttributed));
  repository.store.pack({ all: true });
  repository.close();
  return { ms, bytes: sizeOf(join(place, '.atomic')) };
}

await inFolder(async (folder) => {
  const ratios: number[] = [];
  let [plain, attributed]: [Measured, Measured] = [
    { ms: 0, bytes: 0 },
    { ms: 0, bytes: 0 },
  ];
  for (let pair = 0; pair < PAIRS; pair += 1) {
    // Each second pair the other way round, so that neither is always the warmer one.
    const both = pair % 2 === 0 ? [false, true] : [true, false];
    for (const isAttributed of both) {
      const one = await measured(folder, `${pair}-${isAttributed}`, isAttributed);
      if (isAttributed) attributed = one;
      else plain = one;
    }
    ratios.push(attributed.ms / plain.ms);
  }
  report('atomic-attribution', [
    { what: `time of a record, attributed, median of ${PAIRS} pairs`, value: quantile(ratios), unit: '' },
    { what: 'the same, lower quartile', value: quantile(ratios, 0.25), unit: '' },
    { what: 'the same, upper quartile', value: quantile(ratios, 0.75), unit: '' },
    {
      what: 'size of the repository, packed',
      value: attributed.bytes,
      floor: plain.bytes,
      floorName: 'without',
      unit: 'bytes',
    },
  ]);
});
