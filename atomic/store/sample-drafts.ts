// Patches for tests: real canonical bytes with the fewest atoms, and the draft that a writer makes of them.

import { instant } from 'kernel/basics';

import { contentsHashOf, decodePatch, namePatch } from '../patches/encode-patch.ts';
import type { PatchHash } from '../patches/hash.ts';
import type { Patch } from '../patches/patch.ts';
import type { AttributionLabels, PatchDraft, StoredPatch } from './store.ts';
import type { Derive } from './verify-face.ts';

export interface Sample {
  readonly text: string;
  readonly dependencies?: readonly PatchHash[];
  readonly known?: readonly PatchHash[];
  readonly author?: string;
  readonly atMs?: number;
}

const encoder = new TextEncoder();

/** The text is all that tells two samples apart. Each adds one file. */
export function draftOf({ text, dependencies = [], known = [], author = 'Ada', atMs = 1000 }: Sample): PatchDraft {
  const contents = encoder.encode(text);
  const patch: Patch = {
    header: {
      message: text.slice(0, 40),
      description: '',
      at: instant(atMs),
      zoneMinutes: 60,
      authors: [{ name: author, email: `${author.toLowerCase()}@example.org` }],
    },
    dependencies: sortedByBytes(dependencies),
    known: sortedByBytes(known),
    atoms: [{ kind: 'add-file', n: 0, fileKind: 'text' }],
    contentsHash: contentsHashOf(contents),
    contentsLength: contents.length,
    attributionCommitment: null,
  };
  const { patch: named, hashed } = namePatch(patch);
  return draftFrom({ hash: named.hash, hashed, contents, attribution: null, signatures: [] });
}

/** The draft of a patch that came as bytes. */
export function draftFrom(patch: StoredPatch): PatchDraft {
  const { header, dependencies, known } = decodePatch(patch.hashed);
  return {
    patch,
    at: header.at,
    zoneMinutes: header.zoneMinutes,
    authors: header.authors,
    message: header.message,
    flags: 0,
    dependencies,
    known,
    labels: null,
  };
}

const sortedByBytes = (hashes: readonly PatchHash[]): readonly PatchHash[] => {
  const order = 'abcdefghijklmnopqrstuvwxyz234567';
  const key = (hash: PatchHash): string =>
    [...hash].map((character) => String.fromCharCode(order.indexOf(character))).join('');
  return [...hashes].sort((a, b) => (key(a) < key(b) ? -1 : 1));
};

/** What an engine would say: one file, whose facts are the first bytes of the name. */
export const deriveSample: Derive = (patch) => {
  const { labels, patch: _, ...row } = draftFrom(patch);
  return {
    row,
    labels,
    inodes: [{ n: 0, kind: 'text' }],
    facts: ({ own, inodeOf }) => {
      const inode = inodeOf(own, 0);
      return {
        texts: inode === undefined ? [] : [{ inode, facts: factsOf(patch.hash) }],
        tree: encoder.encode(`tree of ${patch.hash}`),
      };
    },
  };
};

export const factsOf = (hash: PatchHash): Uint8Array => encoder.encode(hash.slice(0, 8));
export const treeFactsOf = (hash: PatchHash): Uint8Array => encoder.encode(`tree of ${hash}`);

export const AI_LABELS: AttributionLabels = {
  actor: 'ai',
  provider: 'anthropic',
  model: 'claude-sonnet-4-5',
  suggestion: 'complete',
  tool: 'claude-code',
  evidence: 'hook',
  confidenceBp: 9000,
  acceptanceBp: null,
  promptHash: null,
  tokensIn: 100,
  tokensOut: 20,
  costMicroUsd: 300,
};
