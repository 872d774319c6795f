// Which older versions could be taken where the newest is refused: the newest of each release line between.
// Not here: in which order they are tried (validating/search/older-versions.ts).

import semver from 'semver';

import type { Packument } from '../ecosystems/npm/registry.ts';
import type { DependencyKind, PlannedUpgrade } from '../protocol/index.ts';
import { raisedRange } from '../ecosystems/npm/ranges.ts';
import { engineVerdict, type EngineRules } from './engines.ts';

/** Halving eight takes three or four trials. */
const LINES_MAX = 8;

export interface OlderFacts {
  readonly packument: Packument;
  readonly range: string;
  readonly kind: DependencyKind;
  /** The installed version, or the lowest that the range allows. */
  readonly from: string;
  readonly to: string;
  readonly step: PlannedUpgrade['step'];
}

/** The newest released version of each line above `from` and below that of `to`, oldest first. */
export function olderVersions(facts: OlderFacts, rules: EngineRules): NonNullable<PlannedUpgrade['older']> {
  const { packument, range, kind, from, to } = facts;
  const lines = new Map<string, { readonly to: string; readonly raisesEngines: string | null }>();
  for (const { version, deprecated, engines } of packument.versions.values()) {
    if (semver.prerelease(version) !== null || !semver.gt(version, from) || !semver.lt(version, to)) continue;
    if (deprecated !== undefined && deprecated !== false && deprecated !== '') continue;
    const line = lineOf(version, facts.step);
    if (line === lineOf(to, facts.step)) continue;
    const verdict = engineVerdict(rules, kind, engines?.node);
    if (verdict.kind !== 'fine') continue;
    const newest = lines.get(line);
    if (newest === undefined || semver.gt(version, newest.to))
      lines.set(line, { to: version, raisesEngines: verdict.raises });
  }
  const sorted = [...lines.values()].sort((a, b) => semver.compare(a.to, b.to));
  return evenly(sorted).map((each) => ({ ...each, toRange: raisedRange(range, each.to) }));
}

/** What is expected to work alike: a major, a minor below 1.0.0; for a minor step each minor is a line. */
function lineOf(version: string, step: PlannedUpgrade['step']): string {
  const { major, minor } = semver.parse(version) ?? { major: 0, minor: 0 };
  return step === 'major' && major > 0 ? `${major}` : `${major}.${minor}`;
}

/** At most LINES_MAX of them, from the oldest to the newest. */
function evenly<Each>(sorted: readonly Each[]): readonly Each[] {
  if (sorted.length <= LINES_MAX) return sorted;
  const places = Array.from({ length: LINES_MAX }, (_, at) => Math.round((at * (sorted.length - 1)) / (LINES_MAX - 1)));
  return places.flatMap((place) => sorted[place] ?? []);
}
