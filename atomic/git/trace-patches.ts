// Agent Trace records of a channel: one for each patch of which somebody said who wrote it, with its lines as they stood when
// it was applied in the channel's line of patches.

import { buildAgentTrace, contentHash, type AgentTrace, type TracedRange } from '../attribution/agent-trace.ts';
import { isAiAssisted, type Attribution, type Hunk, type KeyId } from '../attribution/attribution.ts';
import { keyedName } from '../attribution/keyed-name.ts';
import type { PatchNumber } from '../patches/facts.ts';
import { factsOf } from '../repository/facts-of.ts';
import type { Repository } from '../repository/repository.ts';
import type { PatchStore } from '../store/store.ts';
import { inLine } from './plan-export.ts';
import { lineStarts, linesOfPatch, type PatchLines } from './patch-lines.ts';
import { PatchSet } from '../store/patch-set.ts';

export interface TraceOptions {
  readonly channel: string;
  /** The version of Atomic. */
  readonly version: string;
  /** Patches without attribution, too. */
  readonly all: boolean;
  readonly each?: (done: number, total: number) => void;
}

/** In the channel's deterministic order. Lazy: a record at a time. */
export function* tracePatches(repository: Repository, options: TraceOptions): Generator<AgentTrace> {
  const { store } = repository;
  const { set } = repository.view(options.channel);
  const commits = new Map(
    store.names.gitCommits().map(({ patch, commit }) => [patch, Buffer.from(commit).toString('hex')]),
  );
  const view = repository.viewOf(new PatchSet());
  for (const [index, patch] of inLine(store, set).entries()) {
    view.add(patch, factsOf(store, patch));
    options.each?.(index + 1, set.size);
    if (!options.all && store.attributions.of(patch) === null) continue;
    const { attribution, files } = linesOfPatch(store, view, patch);
    const { hash, at } = store.patches.rowOf(patch);
    yield buildAgentTrace({
      patch: hash,
      at,
      tool: { name: 'atomic', version: options.version },
      gitCommit: commits.get(patch) ?? null,
      files: files.map((file) => ({ path: file.path, ranges: rangesOf(file, attribution) })),
      deletions: deletionsOf(store, patch, (inode) => view.tree().pathsOf(inode)[0] ?? ''),
      reviews: store.attributions.reviewsOf(patch).map(({ reviewer, verdict, at: when, durationMs }) => ({
        reviewer: keyedName<KeyId>(reviewer),
        verdict,
        at: when,
        ms: durationMs,
      })),
    });
  }
}

/** Lines that follow each other and are of one hand are one range. */
function rangesOf({ lines, text }: PatchLines, attribution: Attribution | null): readonly TracedRange[] {
  const starts = lineStarts(text);
  const runs: { first: number; last: number; hunk: Hunk | null }[] = [];
  for (const [index, line] of lines.entries()) {
    if (line === null) continue;
    const open = runs.at(-1);
    if (open !== undefined && open.last === index && open.hunk === line.hunk) open.last = index + 1;
    else runs.push({ first: index + 1, last: index + 1, hunk: line.hunk });
  }
  return runs.map(({ first, last, hunk }) => ({
    startLine: first,
    endLine: last,
    ...handOf(attribution, hunk),
    contentHash: contentHash(text.subarray(starts[first - 1] ?? 0, starts[last] ?? text.length)),
  }));
}

function handOf(
  attribution: Attribution | null,
  hunk: Hunk | null,
): Pick<TracedRange, 'actor' | 'model' | 'sessionId'> {
  const actor = hunk?.actor ?? attribution?.actor ?? 'untracked';
  const isAi = actor === 'ai' || actor === 'mixed';
  if (!isAi || attribution === null || !isAiAssisted(attribution)) return { actor, model: null, sessionId: null };
  const { model, agent } = attribution.source;
  const own = hunk !== null && 'model' in hunk ? hunk.model : null;
  return { actor, model: own ?? model, sessionId: agent?.sessionId ?? null };
}

function deletionsOf(
  store: PatchStore,
  patch: PatchNumber,
  pathOf: (inode: number) => string,
): Parameters<typeof buildAgentTrace>[0]['deletions'] {
  const found = new Map<string, { path: string; owner: PatchNumber; bytes: number }>();
  for (const [inode, { deletes }] of factsOf(store, patch).texts) {
    const path = pathOf(inode);
    for (const { patch: owner, start, end } of deletes) {
      const sum = found.get(`${owner} ${path}`) ?? { path, owner, bytes: 0 };
      found.set(`${owner} ${path}`, { ...sum, bytes: sum.bytes + end - start });
    }
  }
  return [...found.values()].map(({ path, owner, bytes }) => ({ path, patch: store.patches.hashOf(owner), bytes }));
}
