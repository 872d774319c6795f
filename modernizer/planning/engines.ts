// Whether a version may be used by a project, given the Node releases both name.
// Rule: engines bind what the project ships (`dependencies`, optional ones and peers), not its development tools;
// those need only run on the Node that runs the trials. Decision 0009.
//   declared:   every Node the project declares must be fine for the version.
//   maintained: a declared floor older than the oldest maintained release counts as that release.
//   ignore:     nobody looks.

import semver from 'semver';

import { lowestInLine, type NodeLine } from '../ecosystems/npm/node-releases.ts';
import type { DependencyKind, Engines } from '../protocol/index.ts';

export interface EngineRules {
  readonly mode: Engines;
  /** `engines.node` of the project, or null when it declares none. */
  readonly declared: string | null;
  readonly maintained: readonly NodeLine[];
  /** The Node that runs the trials. */
  readonly trialNode: string;
}

export type EngineVerdict =
  /** `raises` is the new floor for `engines.node` when keeping it asks for more than is declared. */
  { readonly kind: 'fine'; readonly raises: string | null } | { readonly kind: 'forbidden'; readonly reason: string };

/** Whether a version that needs `needed` (its `engines.node`, if any) may be used. */
export function engineVerdict(rules: EngineRules, kind: DependencyKind, needed: string | undefined): EngineVerdict {
  if (rules.mode === 'ignore' || needed === undefined || semver.validRange(needed) === null) return FINE;
  if (!semver.satisfies(rules.trialNode, needed)) {
    return { kind: 'forbidden', reason: `It needs Node ${needed}, and trials run on Node ${rules.trialNode}.` };
  }
  if (kind === 'devDependencies' || rules.declared === null || semver.validRange(rules.declared) === null) return FINE;
  if (semver.subset(rules.declared, needed)) return FINE;
  if (rules.mode === 'declared') {
    return { kind: 'forbidden', reason: `It needs Node ${needed}, and the project declares Node ${rules.declared}.` };
  }
  return againstMaintained(rules.declared, rules.maintained, needed);
}

function againstMaintained(declared: string, maintained: readonly NodeLine[], needed: string): EngineVerdict {
  const lines = maintained.filter(({ line }) => semver.intersects(declared, `${line}.x`));
  const [oldest] = lines.length > 0 ? lines : maintained;
  if (oldest === undefined) return FINE;
  const unfit = lines.find(({ line }) => lowestInLine(needed, line) === undefined);
  if (unfit !== undefined) {
    const reason =
      `It needs Node ${needed}, and the project declares Node ${declared}: ` +
      `Node ${unfit.line} is still maintained and would be left out.`;
    return { kind: 'forbidden', reason };
  }
  return { kind: 'fine', raises: raisedFloor(declared, oldest.line, needed) };
}

/**
 * The new floor for `engines.node`, or null when the declared floor is fine as it is. The lowest release from which on
 * every later one is fine, if there is such a release; else the lowest of the oldest maintained line.
 */
function raisedFloor(declared: string, oldestLine: number, needed: string): string | null {
  const floor = semver.minVersion(declared);
  if (floor !== null && semver.satisfies(floor, needed)) return null;
  const lowest = lowestForGood(needed);
  if (lowest !== undefined && (lowest.major <= oldestLine || !needed.includes('||'))) return lowest.version;
  return lowestInLine(needed, Math.max(floor?.major ?? 0, oldestLine)) ?? null;
}

/** The lowest release from which on every later one is fine, such as 11 for `^8.16.0 || ^10.6.0 || >=11`. */
const lowestForGood = (needed: string): semver.SemVer | undefined =>
  needed
    .split('||')
    .map((part) => semver.minVersion(part.trim()))
    .filter((lowest) => lowest !== null)
    .sort(semver.compare)
    .find((lowest) => semver.subset(`>=${lowest.version}`, needed));

const FINE: EngineVerdict = { kind: 'fine', raises: null };
