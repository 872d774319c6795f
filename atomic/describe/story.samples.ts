// A repository with a short story in it, for tests: two people, two models and somebody unknown write a shop.

import { instant } from 'kernel/basics';

import type { Attribution } from '../attribution/attribution.ts';
import { commitTo, encodeAttribution, makeSalt } from '../attribution/encode-attribution.ts';
import { FLAGGED, GPT, HOOKED, HUMAN } from '../attribution/sample-attributions.ts';
import { keyPairFromSeed, signPatch } from '../attribution/signatures.ts';
import type { Author } from '../patches/patch.ts';
import { attributionLabels } from '../repository/attribution-labels.ts';
import type { AttributionToKeep } from '../repository/record.ts';
import type { PatchHash } from '../patches/hash.ts';
import { Folder } from '../working-copy/folder.samples.ts';
import { recordChanges } from '../working-copy/record-changes.ts';

export const ADA: Author = { name: 'Ada', email: 'ada@example.com' };
export const BEN: Author = { name: 'Ben', email: 'ben@example.com' };

const KEYS = keyPairFromSeed(new Uint8Array(32).fill(7));

function kept(attribution: Attribution): AttributionToKeep {
  const bytes = { salt: makeSalt(() => new Uint8Array(16).fill(5)), blob: encodeAttribution(attribution) };
  return { bytes, labels: attributionLabels(attribution), commitment: commitTo(bytes.salt, bytes.blob) };
}

export class Story extends Folder {
  readonly hashes: Record<string, PatchHash> = {};
  #at = Date.UTC(2026, 0, 1);

  /** Records all that lies on the disk. */
  tell(message: string, author: Author, attribution: Attribution | null, isSigned = false): PatchHash {
    this.#at += 60_000;
    const outcome = recordChanges(this.repository, {
      header: { message, description: '', at: instant(this.#at), zoneMinutes: 60, authors: [author] },
      actor: author.name,
      isChosen: () => true,
      ...(attribution === null ? {} : { attribute: () => kept(attribution) }),
      ...(isSigned ? { sign: (hash) => ({ key: KEYS.key.bytes, signature: signPatch(KEYS.secret, hash) }) } : {}),
    });
    if (outcome.kind !== 'recorded') throw new Error(`${message} was not recorded: ${outcome.kind}.`);
    this.hashes[message] = outcome.patch.hash;
    return outcome.patch.hash;
  }

  hash(message: string): PatchHash {
    const hash = this.hashes[message];
    if (hash === undefined) throw new Error(`Nobody told ${message}.`);
    return hash;
  }
}

export const CART = ['export const cart = [];', '', 'export function add(item) {', '  cart.push(item);', '}', ''];

/** `begin` (Ada, signed), `total` (Claude, by hook), `round` (GPT, builds on total), `tax` (Ben), `notes` (nobody knows). */
export function shopStory(): Story {
  const story = new Story();
  story.write('cart.js', CART.join('\n'));
  story.write('README.md', '# Shop\n');
  story.tell('begin', ADA, HUMAN, true);
  story.write('cart.js', [...CART, 'export function total() {', '  return sum(cart);', '}', ''].join('\n'));
  story.tell('total', ADA, HOOKED);
  const rounded = '  return Math.round(sum(cart));';
  story.write('cart.js', [...CART, 'export function total() {', rounded, '}', ''].join('\n'));
  story.tell('round', ADA, { ...FLAGGED, source: { evidence: 'cli-flag', model: GPT, agent: null } });
  story.write('lib/tax.js', 'export const tax = 0.2;\n');
  story.tell('tax', BEN, HUMAN);
  story.write('notes.txt', 'remember\n');
  story.tell('notes', BEN, null);
  return story;
}
