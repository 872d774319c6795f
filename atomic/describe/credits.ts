// Who is credited in one answer: each patch and each hand of it once, named by a number from then on.

import { toIso } from 'kernel/basics';

import { isAiAssisted, modelName, type Actor, type Attribution, type Hunk } from '../attribution/attribution.ts';
import { decodePatch } from '../patches/encode-patch.ts';
import type { PatchNumber, Range } from '../patches/facts.ts';
import type { Credit, Shares, Who } from '../protocol/index.ts';
import type { PatchStore } from '../store/store.ts';
import { attributionOf } from './attribution.ts';

/** A person or a model, as far as a range of one patch goes. */
export interface Hand {
  readonly actor: Actor;
  readonly model: string | null;
}

interface Part extends Hand {
  readonly start: number;
  readonly end: number;
}

/** Bytes of one patch that one hand wrote. */
export interface HandedRange extends Range {
  readonly credit: number;
}

interface OpenPatch {
  readonly whole: Hand;
  /** Sorted, without overlaps; what no part covers is by the patch's own hand. */
  readonly parts: readonly Part[];
}

export class Credits {
  readonly #store: PatchStore;
  readonly #patches = new Map<PatchNumber, OpenPatch>();
  readonly #numbers = new Map<string, number>();
  readonly #list: { readonly patch: PatchNumber; readonly hand: Hand }[] = [];

  constructor(store: PatchStore) {
    this.#store = store;
  }

  /** A range of a patch, cut where another hand goes on. */
  cut(range: Range): readonly HandedRange[] {
    const { patch, start, end } = range;
    const { whole, parts } = this.#opened(patch);
    if (parts.length === 0) return [{ ...range, credit: this.#numberOf(patch, whole) }];
    const cut: HandedRange[] = [];
    let at = start;
    for (const part of parts) {
      const [from, to] = [Math.max(at, part.start), Math.min(end, part.end)];
      if (from >= to) continue;
      if (from > at) cut.push({ patch, start: at, end: from, credit: this.#numberOf(patch, whole) });
      cut.push({ patch, start: from, end: to, credit: this.#numberOf(patch, part) });
      at = to;
    }
    if (at < end) cut.push({ patch, start: at, end, credit: this.#numberOf(patch, whole) });
    return cut;
  }

  handOf(credit: number): Hand {
    return this.#list[credit]?.hand ?? { actor: 'untracked', model: null };
  }

  patchOf(credit: number): PatchNumber {
    return this.#list[credit]?.patch ?? 0;
  }

  list(): Credit[] {
    return this.#list.map(({ patch, hand: { actor, model } }) => {
      const { hash, message, at, authors } = this.#store.patches.rowOf(patch);
      return { patch: hash, message, at: toIso(at), author: authors[0] ?? { name: 'nobody', email: '' }, actor, model };
    });
  }

  #numberOf(patch: PatchNumber, { actor, model }: Hand): number {
    const key = `${patch} ${actor} ${model ?? ''}`;
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const number = this.#list.length;
    this.#list.push({ patch, hand: { actor, model } });
    this.#numbers.set(key, number);
    return number;
  }

  #opened(patch: PatchNumber): OpenPatch {
    const known = this.#patches.get(patch);
    if (known !== undefined) return known;
    const attribution = attributionOf(this.#store, patch);
    const opened = { whole: handOf(attribution), parts: attribution === null ? [] : this.#partsOf(patch, attribution) };
    this.#patches.set(patch, opened);
    return opened;
  }

  /** Where in the contents of a patch each of its parts lies. */
  #partsOf(patch: PatchNumber, attribution: Attribution): readonly Part[] {
    if (attribution.actor === 'human' || attribution.hunks.length === 0) return [];
    const { atoms } = decodePatch(this.#store.patches.hashedOf(patch));
    const own = handOf(attribution);
    return attribution.hunks
      .flatMap((hunk): readonly Part[] => {
        const atom = atoms[hunk.atom];
        if (atom?.kind !== 'insert') return [];
        const start = atom.start + (hunk.span?.start ?? 0);
        const end = hunk.span === null ? atom.end : Math.min(atom.end, atom.start + hunk.span.end);
        return [{ start, end, ...handOfHunk(hunk, own) }];
      })
      .sort((a, b) => a.start - b.start);
  }
}

function handOf(attribution: Attribution | null): Hand {
  if (attribution === null) return { actor: 'untracked', model: null };
  const { actor } = attribution;
  return { actor, model: isAiAssisted(attribution) ? modelName(attribution.source.model) : null };
}

function handOfHunk(hunk: Hunk, own: Hand): Hand {
  if (hunk.actor === 'human' || hunk.actor === 'untracked') return { actor: hunk.actor, model: null };
  const model = 'model' in hunk ? hunk.model : null;
  return { actor: hunk.actor, model: model === null ? own.model : modelName(model) };
}

export const addToShares = (shares: Shares, actor: Actor, bytes: number): void => {
  shares[actor === 'mixed' ? 'ai' : actor] += bytes;
};

/** What is known of a patch, from what the store has counted. */
export function whoOf(store: PatchStore, patch: PatchNumber): Who {
  const labels = store.attributions.labelsOf(patch);
  if (labels === null)
    return { actor: 'untracked', model: null, tool: null, suggestion: null, confidence: null, evidence: 'none' };
  const { actor, provider, model, tool, suggestion, confidenceBp, evidence } = labels;
  const isAi = actor === 'ai' || actor === 'mixed';
  return {
    actor,
    model: isAi ? `${provider ?? 'unknown'}/${model ?? 'unknown'}` : null,
    tool,
    suggestion,
    confidence: confidenceBp === null ? null : confidenceBp / BASIS_POINTS,
    evidence,
  };
}

const BASIS_POINTS = 10_000;
