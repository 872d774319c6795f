// Which commits bring the kept upgrades home, and what each says. Pure.
// Rule: one commit for each kept upgrade, in the plan's order, so that any single one can be reverted; a raised
// `engines.node` is a commit of its own after them. Trailers say which run, which source and which verdict.

import semver from 'semver';

import type { Edit } from '../diagnosing/rewriting/edits.ts';
import { filesTogether } from '../diagnosing/rewriting/files-together.ts';
import { withNodeEngines, withUpgrades, type ManifestFile } from '../ecosystems/workspaces.ts';
import type { PlannedUpgrade, Verdict } from '../protocol/index.ts';

export interface KeptUpgrade {
  readonly upgrade: PlannedUpgrade;
  readonly verdict: Verdict;
  /** The change of code that belongs to it. */
  readonly rewrite?: { readonly sentence: string; readonly files: readonly ChangedFile[] };
}

interface ChangedFile {
  readonly path: string;
  /** With this change alone, and what differs then from the project as it is. */
  readonly after: string;
  readonly edits?: readonly Edit[];
}

export interface PlannedCommit {
  readonly message: string;
  readonly subject: string;
  readonly upgrade: string | null;
  /** The manifests as they are after this commit. */
  readonly manifests: readonly ManifestFile[];
  /** Files of the project that it changes, each as a whole; paths from its folder. */
  readonly rewritten: readonly { readonly path: string; readonly after: string }[];
}

export interface CommitFacts {
  readonly run: string;
  readonly source: string;
  readonly manifests: readonly ManifestFile[];
  readonly declaredEngines: string | null;
  readonly kept: readonly KeptUpgrade[];
}

export function planCommits(facts: CommitFacts): readonly PlannedCommit[] {
  const commits: PlannedCommit[] = [];
  const rewritten: (readonly ChangedFile[])[] = [];
  let { manifests } = facts;
  for (const keptUpgrade of facts.kept) {
    const { upgrade, rewrite } = keptUpgrade;
    manifests = withUpgrades(manifests, [upgrade]);
    const subject = `Upgrade ${upgrade.name} from ${upgrade.fromRange} to ${upgrade.toRange}`;
    commits.push({
      subject,
      upgrade: upgrade.name,
      manifests,
      message: messageOf(subject, facts, keptUpgrade),
      rewritten: filesAfter(rewritten, rewrite?.files ?? []),
    });
    rewritten.push(rewrite?.files ?? []);
  }
  const floor = raisedFloor(facts.kept);
  if (floor !== null) {
    const range = `>=${floor}`;
    const because = facts.kept
      .filter(({ upgrade }) => upgrade.raisesEngines === floor)
      .map(({ upgrade }) => upgrade.name);
    const subject = `Ask for Node ${range}`;
    const body = `${because.join(', ')} ${because.length === 1 ? 'needs' : 'need'} it; the project declared ${facts.declaredEngines ?? 'nothing'}.`;
    manifests = withNodeEngines(manifests, range);
    const message = [subject, '', body, '', ...trailers(facts)].join('\n');
    commits.push({ subject, upgrade: null, manifests, message, rewritten: [] });
  }
  return commits;
}

/** The files of a change as they are after it, with what earlier commits changed in them. */
function filesAfter(
  before: readonly (readonly ChangedFile[])[],
  changed: readonly ChangedFile[],
): PlannedCommit['rewritten'] {
  const all = filesTogether([...before, changed]);
  if (all.kind === 'same-place') throw new RangeError(`Two kept changes touch one place of ${all.path}.`);
  const paths = new Set(changed.map(({ path }) => path));
  return all.files.filter(({ path }) => paths.has(path)).map(({ path, after }) => ({ path, after }));
}

/** The highest floor that any kept upgrade asks for, or null. */
export const raisedFloor = (kept: readonly KeptUpgrade[]): string | null =>
  kept
    .map(({ upgrade }) => upgrade.raisesEngines)
    .filter((floor) => floor !== null)
    .sort(semver.rcompare)[0] ?? null;

const withoutWhat = ({ files }: NonNullable<KeptUpgrade['rewrite']>): string =>
  files.length === 0 ? 'Without install scripts' : 'Without a change of code';

function messageOf(subject: string, facts: CommitFacts, { upgrade, verdict, rewrite }: KeptUpgrade): string {
  const installed =
    upgrade.from === null ? `Installs ${upgrade.to}.` : `Installs ${upgrade.to} instead of ${upgrade.from}.`;
  return [
    subject,
    '',
    `${installed} ${upgrade.reasons.join(' ')}`,
    '',
    ...(rewrite === undefined ? [] : [`${withoutWhat(rewrite)} it is red: ${rewrite.sentence}`, '']),
    ...trailers(facts),
    `Tandem-Verdict: ${verdict.kind} ${verdict.passed} of ${verdict.of}`,
  ].join('\n');
}

const trailers = (facts: CommitFacts): readonly string[] => [
  `Tandem-Run: ${facts.run}`,
  `Tandem-Source: ${facts.source}`,
];
