// Makes the tree of the whole plan while the project is judged as it is: the first trial then begins with its tests.
// Rule: it only prepares. Whatever goes wrong here is found again, and judged, by the trial; nothing of it is told.

import { join } from 'node:path';

import { removeTree } from 'kernel/sandbox';

import { canShare, resolveTree } from '../validating/install-tree.ts';
import type { TrialLimits } from '../validating/run-step.ts';
import { openTrialFolder, type TrialFiles } from '../validating/trial-folder.ts';
import { quietPorts, spareSlot } from './conduct-trial.ts';
import type { Execution } from './execution.ts';

const PLACE = 'prepared';

/**
 * Only where a place for a trial is free this moment.
 * @param standing Once the project's own tree stands: then only what differs from it has to be installed.
 */
export async function prepareTree(
  execution: Execution,
  files: TrialFiles,
  { limits, standing }: { readonly limits: TrialLimits; readonly standing: Promise<void> },
): Promise<void> {
  const { installer, manifests, allowedScripts } = files;
  if (!canShare({ installer, manifests, allowedScripts })) return;
  const slot = await spareSlot(execution);
  if (slot === undefined) return;
  const evidence = join(execution.folder.trials, `${PLACE}-evidence`);
  try {
    const ports = await quietPorts(execution, { signal: execution.signals.any, layered: true, installer });
    const folder = await openTrialFolder(PLACE, { ...files, evidence });
    const resolved = await resolveTree(ports, folder, limits);
    const wanted = resolved?.kind === 'installed' ? folder.resolved() : null;
    await standing;
    if (wanted !== null) await ports.trees.make(wanted, limits);
  } catch {
    // The trial meets the same, and says so.
  } finally {
    await removeTree(join(execution.folder.trials, PLACE));
    await removeTree(evidence);
    await slot.release();
  }
}
