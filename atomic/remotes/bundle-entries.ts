// What goes into a bundle: patches in an order in which they can be added, then what is said of them.
// Rule: the same patch has the same name with and without its attribution, so leaving that out changes nothing else.

import type { PatchNumber } from '../patches/facts.ts';
import type { PatchStore } from '../store/store.ts';
import type { Capability } from './capabilities.ts';
import { attributedEntry, type Entry, type SentEntry, type Statement } from './entries.ts';

export interface BundleContents {
  /** Rising: a patch has a larger number than what it depends on. */
  readonly patches: readonly PatchNumber[];
  /** Patches whose attribution alone is sent. */
  readonly attributions: readonly PatchNumber[];
  readonly statements: readonly Statement[];
  /** False: patches go without the attribution that they have here. */
  readonly withAttribution: boolean;
}

export function* bundleEntries(
  store: PatchStore,
  contents: BundleContents,
  shared: ReadonlySet<Capability>,
): Generator<SentEntry, void> {
  const withAttribution = contents.withAttribution && shared.has('attribution');
  const withSignatures = shared.has('signatures');
  for (const number of contents.patches) {
    const patch = store.patches.patchBytes(number);
    const attribution = withAttribution ? patch.attribution : null;
    const sent = { ...patch, attribution, signatures: withSignatures ? patch.signatures : [] };
    yield shared.has('commitment-skip') ? attributedEntry(sent) : { kind: 'patch', patch: sent };
  }
  if (withAttribution) {
    for (const number of contents.attributions) {
      const attribution = store.attributions.of(number);
      if (attribution !== null) yield { kind: 'attribution', patch: store.patches.hashOf(number), attribution };
    }
    yield* promptEntries(store, [...contents.patches, ...contents.attributions]);
  }
  for (const statement of contents.statements) {
    if (shared.has(statement.kind === 'review' ? 'reviews' : 'signatures')) yield statement;
  }
}

/** Prompts of which more than the name is kept here, and may be read elsewhere. */
function* promptEntries(store: PatchStore, patches: readonly PatchNumber[]): Generator<Entry, void> {
  const kept = new Map(
    store.attributions.prompts().map((prompt) => [Buffer.from(prompt.hash).toString('hex'), prompt]),
  );
  if (kept.size === 0) return;
  for (const number of patches) {
    const hash = store.attributions.labelsOf(number)?.promptHash ?? null;
    const key = hash === null ? '' : Buffer.from(hash).toString('hex');
    const prompt = kept.get(key);
    if (prompt === undefined || prompt.body === null) continue;
    kept.delete(key);
    yield { kind: 'prompt', prompt: { hash: prompt.hash, level: prompt.level, body: prompt.body } };
  }
}
