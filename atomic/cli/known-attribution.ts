// What is known of who wrote a patch, for people and for programs.

import { attributionJson, describeAttribution } from '../attribution/attribution-text.ts';
import { attributionOf } from '../describe/attribution.ts';
import type { PatchNumber } from '../patches/facts.ts';
import type { PatchStore } from '../store/store.ts';
import { ACTOR_COLOURS, type Paint } from './paint.ts';
import { printable } from './printable.ts';

export const knownOf = (store: PatchStore, patch: PatchNumber): Readonly<Record<string, unknown>> =>
  attributionJson(attributionOf(store, patch), store.patches.rowOf(patch).authors);

export function knownText(store: PatchStore, patch: PatchNumber, paint: Paint): string {
  const attribution = attributionOf(store, patch);
  return paint(ACTOR_COLOURS[attribution?.actor ?? 'untracked'], printable(describeAttribution(attribution)));
}
