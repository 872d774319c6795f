// Who wrote how much of what is there now: bytes by class, model, author and file.
// Rule: reading stops when it has taken long enough, and the answer says how many files were read; they are read in the
// order of their paths, so that the same question is asked again with the same answer.

import type { Clock } from 'kernel/basics';

import type { StateQuery, StatisticsDetail } from '../protocol/index.ts';
import type { Repository } from '../repository/repository.ts';
import { creditedText } from './credited-text.ts';
import { addToShares, Credits } from './credits.ts';
import { standingCounts } from './standing.ts';
import { stateOf } from './state.ts';
import { sharesOf } from './tree.ts';

/** Longer than a person waits for a picture. */
const READING_MS_MAX = 8000;
/** Of each list; the rest is in no picture. */
const LISTED_MAX = 100;
const FILES_LISTED_MAX = 5000;

export function describeStatistics(repository: Repository, query: StateQuery, clock: Clock): StatisticsDetail {
  const { store } = repository;
  const { channel, root, leftOut, view } = stateOf(repository, query);
  const entries = [...view.tree().entries.values()]
    .filter(({ kind }) => kind !== 'directory' && kind !== 'gitlink')
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  const credits = new Credits(store);
  const files: StatisticsDetail['files'] = [];
  const bytes = new Map<number, number>();
  const until = clock.now() + READING_MS_MAX;
  let filesRead = 0;
  for (const { path, inode } of entries) {
    if (clock.now() > until) break;
    filesRead += 1;
    const text = creditedText(view, inode, credits);
    files.push({ path, shares: sharesOf(text, credits) });
    for (const run of text.runs) {
      const [first] = run.credits;
      if (first !== undefined) bytes.set(first, (bytes.get(first) ?? 0) + run.end - run.start);
    }
  }
  const counts = standingCounts(store, view.set);
  return {
    channel: channel.name,
    root,
    leftOut,
    shares: files.reduce((sum, { shares }) => plus(sum, shares), { ai: 0, human: 0, untracked: 0 }),
    patches: counts.classes,
    models: modelsOf(credits, bytes, counts.models),
    authors: authorsOf(credits, bytes),
    files: files.slice(0, FILES_LISTED_MAX),
    filesRead,
    filesInAll: entries.length,
  };
}

type Shares = StatisticsDetail['shares'];

function plus(sum: Shares, shares: Shares): Shares {
  const all = { ...sum };
  for (const actor of ['ai', 'human', 'untracked'] as const) addToShares(all, actor, shares[actor]);
  return all;
}

function modelsOf(
  credits: Credits,
  bytes: ReadonlyMap<number, number>,
  counted: readonly { readonly model: string; readonly patches: number }[],
): StatisticsDetail['models'] {
  const models = new Map(counted.map(({ model, patches }) => [model, { model, patches, bytes: 0 }]));
  for (const [credit, count] of bytes) {
    const { model } = credits.handOf(credit);
    if (model === null) continue;
    const row = models.get(model) ?? { model, patches: 0, bytes: 0 };
    row.bytes += count;
    models.set(model, row);
  }
  return [...models.values()].sort((a, b) => b.bytes - a.bytes || b.patches - a.patches).slice(0, LISTED_MAX);
}

function authorsOf(credits: Credits, bytes: ReadonlyMap<number, number>): StatisticsDetail['authors'] {
  const list = credits.list();
  const authors = new Map<string, StatisticsDetail['authors'][number]>();
  for (const [credit, count] of bytes) {
    const author = list[credit]?.author ?? { name: 'nobody', email: '' };
    const key = `${author.name} <${author.email}>`;
    const row = authors.get(key) ?? { ...author, bytes: 0 };
    row.bytes += count;
    authors.set(key, row);
  }
  return [...authors.values()].sort((a, b) => b.bytes - a.bytes).slice(0, LISTED_MAX);
}
