// The state of a modernization between its agents, as LangGraph checkpoints it after each of them.
// Rule: plain JSON, small, and complete: an agent needs nothing else but the run's folder to go on after a crash.

import { Annotation } from '@langchain/langgraph';

import type { RefusedForOthers } from '../diagnosing/alternatives.ts';
import type { Edit } from '../diagnosing/rewriting/edits.ts';
import type { InstallerName } from '../ecosystems/installer.ts';
import type { Plan } from '../planning/plan-upgrades.ts';
import type { Decision, Verdict } from '../protocol/index.ts';
import type { BaselineRecord } from '../validating/baseline.ts';
import type { ProjectCopy } from './copy-project.ts';

export interface ProjectRecord {
  readonly path: string;
  readonly name: string;
  /** Absent in runs that began before projects could have another one than npm. */
  readonly installer?: InstallerName;
  /** Folders of its workspaces; absent as above. */
  readonly workspaces?: readonly string[];
  readonly lockfile: string | null;
  readonly declaredEngines: string | null;
  readonly copy: ProjectCopy;
}

/** What the validator found out about the plan. */
export interface Settlement {
  /** `to` is older than planned where the planned version is among the refused. */
  readonly kept: readonly KeptPick[];
  readonly refused: readonly RefusedPick[];
  /** Upgrades that were not tried before the run had to end, and why. */
  readonly untried: readonly string[];
  /** How the kept set was proven; null when nothing is kept. */
  readonly proof: Verdict | null;
}

interface KeptPick {
  readonly name: string;
  readonly to: string;
  readonly verdict: Verdict;
  readonly trial: string;
}

interface RefusedPick {
  readonly name: string;
  readonly to: string;
  /** `unproven`: green before, but red when all that was kept was installed afresh. */
  readonly by: 'trial' | 'unproven';
  readonly verdict: Verdict;
  readonly trial: string | null;
}

/** How the run ends early; null while it goes on. */
export interface Ending {
  readonly status: 'done' | 'stopped' | 'failed';
  readonly reason: string | null;
  readonly next: string | null;
}

/** Other choices of kept upgrades that might be green too. */
export interface Question {
  readonly conflict: RefusedForOthers;
  readonly upgrades: readonly string[];
  readonly sentence: string;
  /** The trial of the other way and whether it was green; null while it was not tried. */
  readonly answer: { readonly trial: string; readonly verdict: Verdict } | null;
}

/** A refused upgrade that brings install scripts which were not run. */
export interface WantingScripts {
  readonly name: string;
  readonly to: string;
  readonly trial: string;
  /** The packages whose scripts they are. */
  readonly scripts: readonly string[];
}

/**
 * A change of code that may make a refused upgrade green; `answer` is null while it was not tried. Without any file it is
 * install scripts that a person allowed.
 */
export interface Mend {
  readonly name: string;
  readonly to: string;
  readonly sentence: string;
  readonly files: readonly MendedFile[];
  readonly answer: MendAnswer | null;
}

interface MendedFile {
  readonly path: string;
  readonly after: string;
  /** What differs from the project as it is; absent in runs of before, whose changes of one file do not go together. */
  readonly edits?: readonly Edit[];
  readonly places: readonly string[];
}

export interface MendAnswer {
  readonly verdict: Verdict;
  readonly trial: string | null;
  readonly why: string;
}

const latest = <T>(initial: T) => Annotation<T>({ reducer: (_before, after) => after, default: () => initial });

export const MigrationState = Annotation.Root({
  project: latest<ProjectRecord | null>(null),
  plan: latest<Plan | null>(null),
  baseline: latest<BaselineRecord | null>(null),
  settlement: latest<Settlement | null>(null),
  mends: latest<readonly Mend[]>([]),
  /** What a person was asked about, whatever the answer; empty while nobody was. */
  wantingScripts: latest<readonly WantingScripts[]>([]),
  questions: latest<readonly Question[]>([]),
  decisions: latest<readonly Decision[]>([]),
  ending: latest<Ending | null>(null),
});
export type MigrationState = typeof MigrationState.State;
