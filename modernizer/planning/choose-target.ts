// Which version an upgrade goes to: the newest released one that the engines allow.
// Not here: whether it works (the validator finds out) and whether it can be installed (so does the resolver).

import semver from 'semver';

import type { Packument, VersionManifest } from '../ecosystems/npm/registry.ts';
import type { DependencyKind } from '../protocol/index.ts';
import { engineVerdict, type EngineRules } from './engines.ts';

export type Target =
  | {
      readonly kind: 'target';
      readonly manifest: VersionManifest;
      readonly raisesEngines: string | null;
      /** The newest version and why it was passed over, when the target is an older one. */
      readonly passedOver: PassedOver | null;
    }
  | { readonly kind: 'newest-already' }
  /** There are newer versions, but the engines forbid each of them. */
  | { readonly kind: 'engines'; readonly newest: string; readonly reason: string }
  | { readonly kind: 'none'; readonly reason: string };

interface PassedOver {
  readonly version: string;
  readonly reason: string;
}

/** The newest version above `lowest` (the lowest the declared range allows) that the engines allow. */
export function chooseTarget(packument: Packument, lowest: string, kind: DependencyKind, rules: EngineRules): Target {
  const newer = candidates(packument, lowest);
  if (packument.versions.size === 0) return { kind: 'none', reason: 'The registry lists no version of it.' };
  let passedOver: PassedOver | null = null;
  for (const manifest of newer) {
    const verdict = engineVerdict(rules, kind, manifest.engines?.node);
    if (verdict.kind === 'fine') return { kind: 'target', manifest, raisesEngines: verdict.raises, passedOver };
    passedOver ??= { version: manifest.version, reason: verdict.reason };
  }
  return passedOver === null
    ? { kind: 'newest-already' }
    : { kind: 'engines', newest: passedOver.version, reason: passedOver.reason };
}

/** Released versions above `lowest`, newest first, none above the one its author calls latest, no prerelease, none marked deprecated. */
function candidates(packument: Packument, lowest: string): readonly VersionManifest[] {
  const latest = packument.latest !== null && semver.valid(packument.latest) !== null ? packument.latest : null;
  const ceiling = latest !== null && semver.prerelease(latest) === null ? latest : null;
  return [...packument.versions.values()]
    .filter(({ version }) => semver.prerelease(version) === null && semver.gt(version, lowest))
    .filter(({ version, deprecated }) => version === latest || !isDeprecated(deprecated))
    .filter(({ version }) => ceiling === null || semver.lte(version, ceiling))
    .sort((a, b) => semver.rcompare(a.version, b.version));
}

const isDeprecated = (mark: string | boolean | undefined): boolean =>
  mark !== undefined && mark !== false && mark !== '';
