// An attribution that is recorded: its bytes with their salt, the labels that reports count by, and the commitment that
// becomes part of the patch's name.

import type { Attribution } from '../attribution/attribution.ts';
import { commitTo, encodeAttribution, makeSalt } from '../attribution/encode-attribution.ts';
import { attributionLabels } from './attribution-labels.ts';
import type { AttributionToKeep } from './record.ts';

/** `random` gives unpredictable bytes, such as `randomBytes` of node:crypto. */
export function keepAttribution(attribution: Attribution, random: (bytes: number) => Uint8Array): AttributionToKeep {
  const blob = encodeAttribution(attribution);
  const salt = makeSalt(random);
  return { bytes: { salt, blob }, labels: attributionLabels(attribution), commitment: commitTo(salt, blob) };
}
