// atomic record --split-by-actor: one patch for each hand that wrote in these files, so that each can be taken or refused
// alone.
// Rule: after all of them the channel has what lies on the disk. What has no lines (a move, a removal, a picture) goes with
// whoever touched the file last.

import { modelName } from '../attribution/attribution.ts';
import { splitWorklog, type ChangedFile } from '../hooks/split-worklog.ts';
import { writerKey, type Worklog, type Writer } from '../hooks/worklog.ts';
import type { Repository } from '../repository/repository.ts';
import { workingCopy, type Change } from '../working-copy/changes.ts';
import { recordChanges, type RecordChangesOptions, type RecordChangesOutcome } from '../working-copy/record-changes.ts';
import { settleSpool } from './attribute-record.ts';
import { readWorklog } from '../working-copy/worklog-notes.ts';

interface ActorStep {
  readonly by: Writer;
  /** What each path is after this step; null where it has no lines and goes as it is. */
  readonly texts: ReadonlyMap<string, Buffer | null>;
}

export type RecordedStep = RecordChangesOutcome & { readonly by: Writer };

/** Records each step; stops at the first that cannot be recorded. */
export async function recordByActor(
  repository: Repository,
  isMeant: (change: Change) => boolean,
  optionsFor: (by: Writer) => Promise<RecordChangesOptions>,
): Promise<readonly RecordedStep[]> {
  await settleSpool(repository);
  const changes = workingCopy(repository, repository.view()).changes.filter(isMeant);
  const steps = stepsOf(repository, changes, readWorklog(repository.store));
  const recorded: RecordedStep[] = [];
  for (const { by, texts } of steps) {
    const outcome = recordChanges(repository, {
      ...(await optionsFor(by)),
      isChosen: (change) => texts.has(change.path),
      partOf(change) {
        const text = texts.get(change.path) ?? undefined;
        const isAll = text === undefined || !('now' in change) || change.now.bytes().equals(text);
        return isAll ? undefined : text;
      },
    });
    recorded.push({ ...outcome, by });
    if (outcome.kind === 'markers-left') break;
  }
  return recorded;
}

function stepsOf(repository: Repository, changes: readonly Change[], log: Worklog): readonly ActorStep[] {
  const view = repository.view();
  const files = changes.flatMap((change): readonly ChangedFile[] => {
    if (!hasLines(change)) return [];
    const recorded = 'entry' in change ? view.bytesOf(change.entry.inode) : Buffer.alloc(0);
    return [{ path: change.path, recorded, present: change.now.bytes() }];
  });
  const steps = splitWorklog(files, log).map(({ by, texts }) => ({
    by,
    texts: new Map<string, Buffer | null>(texts.map(({ path, text }) => [path, text])),
  }));
  const split = new Set(steps.flatMap(({ texts }) => [...texts.keys()]));
  for (const change of changes) {
    if (split.has(change.path)) continue;
    const by = log.get(change.path)?.last ?? { actor: 'untracked' };
    const own = steps.find((step) => writerKey(step.by) === writerKey(by));
    if (own === undefined) steps.push({ by, texts: new Map([[change.path, null]]) });
    else own.texts.set(change.path, null);
  }
  return steps;
}

type WithLines = Extract<Change, { kind: 'added' | 'untracked' | 'changed' | 'moved' }>;

const hasLines = (change: Change): change is WithLines =>
  change.kind !== 'deleted' &&
  change.now.kind === 'text' &&
  (change.kind === 'added' || change.kind === 'untracked' || change.text);

/** Whose step it is, for people. */
export function writerText(by: Writer): string {
  switch (by.actor) {
    case 'untracked':
      return 'nobody known';
    case 'human':
      return 'a person';
    case 'ai':
      return `${modelName(by.model)} with ${by.agent.tool}`;
  }
}
