// Where a run keeps its files: TANDEM_HOME/runs/<run>/.

import { join } from 'node:path';

import type { RunId } from 'kernel/basics';

import type { InstallerName } from '../ecosystems/installer.ts';

export interface RunFolder {
  readonly root: string;
  /** The copy in which the work happens; the person's own tree is never touched. */
  readonly repository: string;
  /** One folder for each trial while it runs. */
  readonly trials: string;
  /** One folder of evidence for each trial, kept. */
  readonly evidence: string;
  readonly report: string;
  /** The lockfile that the baseline resolved. */
  readonly baselineLock: string;
  /** Where a sample project is unpacked. */
  readonly sample: string;
}

export function runFolder(home: string, run: RunId): RunFolder {
  const root = join(home, 'runs', run);
  return {
    root,
    repository: join(root, 'repository'),
    trials: join(root, 'trials'),
    evidence: join(root, 'evidence'),
    report: join(root, 'report.html'),
    baselineLock: join(root, 'baseline-lock.json'),
    sample: join(root, 'sample'),
  };
}

/** The cache of a package manager, shared by all runs; one each, so that none trusts what another wrote. */
export const packageCache = (home: string, installer: InstallerName = 'npm'): string => join(home, 'cache', installer);

export const evidenceOf = (trial: string): string => join('evidence', trial);
