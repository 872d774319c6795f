// Which test files a trial runs first: those that use what it upgrades, where the suite is slow.
// Not here: what that means for a verdict (../validating/trial.ts).

import { access, readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { projectTexts } from '../diagnosing/project-texts.ts';
import { readManifest } from '../ecosystems/npm/manifest.ts';
import {
  affectedTests,
  CONFIGURED_DEEP,
  type AffectedTests,
  type AskedFor,
} from '../validating/affected/affected-tests.ts';
import type { Asked, TrialSetting } from './trial-question.ts';

/** Below this the whole suite is as soon run. */
const SLOW_SUITE_MS = 5_000;
const SEARCHING: ReadonlySet<string> = new Set<Asked['purpose']>(['all-at-once', 'part', 'one-more', 'older']);

/** Which test files come first, for suites that are slow. The project is read once. */
export function affectedIn({ baseline, manifests }: TrialSetting) {
  const [top, ...workspaces] = manifests;
  const test = baseline.steps.find(({ name }) => name === 'test');
  let read: Promise<Pick<AskedFor, 'sources' | 'others'>> | undefined;
  return async ({ purpose, upgrades }: Asked, source: string): Promise<AffectedTests | null> => {
    const isSlow = test !== undefined && baseline.slowestStepMs >= SLOW_SUITE_MS;
    const reading = top === undefined ? null : readManifest(top.text);
    if (!isSlow || workspaces.length > 0 || !SEARCHING.has(purpose) || reading?.kind !== 'manifest') return null;
    const { sources, others } = await (read ??= readProject(source));
    const packages = upgrades.map(({ name }) => name);
    return affectedTests({ sources, others, manifest: reading.manifest, command: test.command, packages });
  };
}

async function readProject(source: string): Promise<Pick<AskedFor, 'sources' | 'others'>> {
  const deep = await Promise.all(
    CONFIGURED_DEEP.map((path) =>
      access(join(source, path)).then(
        () => [path],
        () => [],
      ),
    ),
  );
  return { sources: await projectTexts(source), others: [...(await readdir(source)), ...deep.flat()] };
}
