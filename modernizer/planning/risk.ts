// How risky an upgrade looks before it is tried, and the facts that say so.
// Rule: a sentence for every fact that raised the risk. Not a verdict: only trials give those.

import type { VersionManifest } from '../ecosystems/npm/registry.ts';
import type { DependencyKind, PlannedUpgrade, Risk } from '../protocol/index.ts';

export interface RiskFacts {
  readonly kind: DependencyKind;
  readonly step: PlannedUpgrade['step'];
  readonly before: VersionManifest | undefined;
  readonly after: VersionManifest;
  /** The installed version, if any. */
  readonly from: string | null;
}

export interface RiskVerdict {
  readonly risk: Risk;
  readonly reasons: readonly string[];
}

export function riskOf(facts: RiskFacts): RiskVerdict {
  const { step, before, after, from } = facts;
  if (from === after.version) return { risk: 'low', reasons: ['This very version is installed already.'] };
  const reasons = [STEP_REASONS[step]];
  let points = step === 'major' ? 2 : step === 'minor' ? 1 : 0;
  if (step === 'major' && facts.kind !== 'devDependencies') {
    points += 1;
    reasons.push('It is part of what the project ships.');
  }
  if (before !== undefined && before.type !== 'module' && after.type === 'module') {
    points += 1;
    reasons.push(BECOMES_MODULE);
  }
  if (before !== undefined && before.exports === undefined && after.exports !== undefined && step === 'major') {
    points += 1;
    reasons.push('It closes its inner files: only the doors named in its `exports` can be imported.');
  }
  return { risk: points >= 3 ? 'high' : points >= 2 ? 'medium' : 'low', reasons };
}

/** Also a fact for the cause of a refusal. */
export const BECOMES_MODULE = 'It becomes an ES module: `require` gives a namespace, or fails on older Node.';

const STEP_REASONS: Readonly<Record<PlannedUpgrade['step'], string>> = {
  major: 'It is a major step: its authors announce breaking changes.',
  minor: 'It is a minor step: its authors announce additions only.',
  patch: 'It is a patch: its authors announce fixes only.',
};
