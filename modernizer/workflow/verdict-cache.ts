// Verdicts given before, by the hash of the whole question: files, manifest, lockfile, command, Node, npm, registry and
// sandbox. They hold across runs and projects of this TANDEM_HOME.
// Rule: only what trials decided is kept, with all its evidence, and for a day: a question without a lockfile asks what
// the registry gives today. What a limit or the registry ended is never kept. Decision 0022.

import { createHash } from 'node:crypto';
import { cp, mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { minutes, newId, type Clock } from 'kernel/basics';

import type { Verdict } from '../protocol/index.ts';

/** As long as a resolved tree may be taken for what the registry would give now. */
const KEPT_MS = minutes(24 * 60);
/** A trial's evidence is a few hundred kilobytes: a few hundred megabytes at most. */
const ENTRIES_MAX = 1000;

export interface VerdictCache {
  /** Puts the evidence of an equal question into the folder and gives its verdict; undefined when there is none. */
  take<Result>(question: string, evidence: string): Promise<Result | undefined>;
  keep(question: string, evidence: string): Promise<void>;
}

export const isLasting = ({ kind }: Verdict): boolean =>
  kind === 'green' || kind === 'flaky' || kind === 'broken' || kind === 'resolver-conflict';

export function openVerdictCache(home: string, clock: Clock): VerdictCache {
  const root = join(home, 'cache', 'verdicts');
  const placeOf = (question: string): string => join(root, createHash('sha256').update(question).digest('hex'));
  return {
    async take<Result>(question: string, evidence: string) {
      const place = placeOf(question);
      const keptAt = await keptSince(place);
      if (keptAt === undefined || clock.now() - keptAt > KEPT_MS) return undefined;
      try {
        const text = await readFile(join(place, 'verdict.json'), 'utf8');
        await rm(evidence, { recursive: true, force: true });
        await cp(place, evidence, { recursive: true });
        return JSON.parse(text) as Result;
      } catch (error) {
        // Another process cleared it away between the look and the copy, or a crash left half of it: it is asked anew.
        if (error instanceof SyntaxError || (error instanceof Error && 'code' in error && error.code === 'ENOENT')) {
          return undefined;
        }
        throw error;
      }
    },
    async keep(question, evidence) {
      const place = placeOf(question);
      const beside = join(root, newId<'verdict'>());
      await mkdir(root, { recursive: true, mode: 0o700 });
      await cp(evidence, beside, { recursive: true });
      await rm(place, { recursive: true, force: true });
      // Two processes may finish the same question: the second finds the first one's folder and lets it stand.
      await rename(beside, place).catch(() => rm(beside, { recursive: true, force: true }));
      await clearOldest(root);
    },
  };
}

const keptSince = async (place: string): Promise<number | undefined> =>
  stat(place).then(
    ({ ctimeMs }) => ctimeMs,
    () => undefined,
  );

async function clearOldest(root: string): Promise<void> {
  const names = await readdir(root);
  if (names.length <= ENTRIES_MAX) return;
  const dated = await Promise.all(names.map(async (name) => ({ name, at: (await keptSince(join(root, name))) ?? 0 })));
  const oldest = dated.sort((a, b) => a.at - b.at).slice(0, names.length - ENTRIES_MAX);
  for (const { name } of oldest) await rm(join(root, name), { recursive: true, force: true });
}
