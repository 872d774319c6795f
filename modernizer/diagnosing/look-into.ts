// Looks into one refused upgrade: what changed in the package, where the project uses that, and what the log names.
// Pure, but slow: it compiles declarations and sources. Run it by in-worker.ts, which bounds its time and memory.

import { cross, isBreaking, type CrossedChange } from './crossing.ts';
import type { Api, ApiReading } from './differences/api.ts';
import { compareApis } from './differences/compare-apis.ts';
import { declaredApi } from './differences/declared-api.ts';
import { failuresIn } from './failures-in.ts';
import { nameCause, type NamedCause } from './name-cause.ts';
import { changelogBetween, type ChangelogReading } from './packages/changelog.ts';
import { commandsOf, manifestChanges, type ManifestChange } from './packages/manifest-changes.ts';
import { manifestOf, type PackageFiles } from './packages/package-files.ts';
import { lastPart } from './printed.ts';
import { rewriteFor, type CodeChange } from './rewriting/rewrite-for.ts';
import { readTests } from '../validating/read-tests.ts';
import { failingTests } from './uses/failing-tests.ts';
import { projectUses } from './uses/project-uses.ts';

export interface Side {
  readonly package: PackageFiles;
  /** Its `@types` package of the same time, where there is one. */
  readonly types: PackageFiles | null;
  /** What it offers at run time, where it was looked at in the sandbox. */
  readonly seen: ApiReading | null;
}

export interface Refusal {
  readonly name: string;
  /** The trial's log. */
  readonly log: string;
  /** The project's own sources and its package.json, by path. */
  readonly project: ReadonlyMap<string, string>;
  /** Null when its archive could not be had; the reason stands in `unread`. */
  readonly before: Side | null;
  readonly after: Side | null;
  /** What could not be read and why, in sentences. */
  readonly unread: readonly string[];
}

export interface ApiDifference {
  readonly source: 'types' | 'run-time';
  /** How many names changed, whether the project uses them or not. */
  readonly changed: number;
  /** Those that the project uses. */
  readonly used: readonly CrossedChange[];
  /** What it exports now, at most NAMES_MAX names. */
  readonly names: readonly string[];
}

/** A rewrite looks for one name among them. */
const NAMES_MAX = 500;

export interface Diagnosis {
  readonly cause: NamedCause;
  readonly difference: ApiDifference | null;
  readonly manifest: readonly ManifestChange[];
  readonly changelog: ChangelogReading;
  /** Places of the project that use the package. */
  readonly uses: number;
  /** The change of code that follows from the cause by rule; null where none does. Whether it helps, a trial says. */
  readonly rewrite: CodeChange | null;
}

export function lookInto(refusal: Refusal): Diagnosis {
  const { name, log, project, before, after } = refusal;
  const { uses, leftOut } = projectUses(
    project,
    name,
    before === null ? [] : commandsOf(manifestOf(before.package.files)),
  );
  const unread = [...refusal.unread];
  if (leftOut > 0) unread.push(`${leftOut} files of the project were left out: they are too many or too long.`);
  const pairs = before === null || after === null ? [] : comparable(before, after, unread);
  const crossings = pairs.map(({ source, old, now }) => {
    const changes = compareApis(old, now);
    const names = [...now.offers.keys()].filter((path) => /^[\w$]+$/.test(path)).slice(0, NAMES_MAX);
    return { source, old, changed: changes.length, used: cross({ name, before: old, changes, uses }), names };
  });
  const manifest =
    before === null || after === null
      ? []
      : manifestChanges(manifestOf(before.package.files), manifestOf(after.package.files), {
          specifiers: [...new Set(uses.map(({ specifier }) => specifier))],
          afterFiles: new Set(after.package.files.keys()),
        });
  const told = crossings.find(({ used }) => used.some(isBreaking)) ?? crossings[0];
  const cause = nameCause({
    name,
    failures: failuresIn(log),
    log: lastPart(log),
    tests: failingTests(project, readTests(lastPart(log), 1).failing),
    uses,
    before: told?.old ?? null,
    crossed: told?.used ?? [],
    manifest,
    unread,
  });
  return {
    cause,
    difference:
      told === undefined ? null : { source: told.source, changed: told.changed, used: told.used, names: told.names },
    manifest,
    changelog:
      before === null || after === null
        ? { kind: 'none', reason: 'its archive could not be had' }
        : changelogBetween(after.package.files, before.package.version, after.package.version),
    uses: uses.length,
    rewrite: rewriteFor(cause, { name, texts: project, names: told?.names ?? [] }),
  };
}

interface Pair {
  readonly source: 'types' | 'run-time';
  readonly old: Api;
  readonly now: Api;
}

/** Run time first: it is what the tests met. Declarations say more, and tell what they say of both sides. */
function comparable(before: Side, after: Side, unread: string[]): readonly Pair[] {
  const pairs: Pair[] = [];
  if (before.seen?.kind === 'api' && after.seen?.kind === 'api') {
    pairs.push({ source: 'run-time', old: before.seen.api, now: after.seen.api });
  }
  const [old, now] = [declaredApi(before), declaredApi(after)];
  if (old.kind === 'api' && now.kind === 'api') pairs.push({ source: 'types', old: old.api, now: now.api });
  else if (pairs.length === 0) {
    for (const reading of [old, now, before.seen, after.seen]) {
      if (reading?.kind === 'not-known') unread.push(`Its API is not known: ${reading.reason}.`);
    }
  }
  return pairs;
}
