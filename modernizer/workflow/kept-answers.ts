// Answers that cost seconds and stay true for a while, by the hash of their whole question: what npm resolves and the
// registry offers, why a log says what it says. They hold across runs and projects of this TANDEM_HOME.
// Not here: verdicts of trials, which are kept with their evidence (verdict-cache.ts).

import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { newId, type Clock } from 'kernel/basics';

/** Plans are some kilobytes, lockfiles some hundred. */
const ENTRIES_MAX = 300;

export interface KeptAnswers {
  /** The answer to an equal question that is not older than this; undefined when there is none. */
  take(question: string, ageMsMax: number): Promise<unknown>;
  keep(question: string, answer: unknown): Promise<void>;
}

export function openKeptAnswers(home: string, clock: Clock): KeptAnswers {
  const root = join(home, 'cache', 'answers');
  const placeOf = (question: string): string =>
    join(root, `${createHash('sha256').update(question).digest('hex')}.json`);
  return {
    async take(question, ageMsMax) {
      const place = placeOf(question);
      const keptAt = await keptAtOf(place);
      if (keptAt === undefined || clock.now() - keptAt > ageMsMax) return undefined;
      try {
        return JSON.parse(await readFile(place, 'utf8')) as unknown;
      } catch {
        // Cleared away in between: it is asked anew.
        return undefined;
      }
    },
    async keep(question, answer) {
      await mkdir(root, { recursive: true, mode: 0o700 });
      const beside = join(root, newId<'answer'>());
      await writeFile(beside, JSON.stringify(answer));
      const now = new Date(clock.now());
      await utimes(beside, now, now);
      // Whole or not at all, also when two processes answer the same question.
      await rename(beside, placeOf(question));
      await clearOldest(root);
    },
  };
}

const keptAtOf = (place: string): Promise<number | undefined> =>
  stat(place).then(
    ({ mtimeMs }) => mtimeMs,
    () => undefined,
  );

async function clearOldest(root: string): Promise<void> {
  const names = await readdir(root);
  if (names.length <= ENTRIES_MAX) return;
  const dated = await Promise.all(names.map(async (name) => ({ name, at: (await keptAtOf(join(root, name))) ?? 0 })));
  const oldest = dated.sort((a, b) => a.at - b.at).slice(0, names.length - ENTRIES_MAX);
  for (const { name } of oldest) await rm(join(root, name), { force: true });
}
