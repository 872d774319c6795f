// All that the store derives from one patch, made anew from its bytes alone: what doctor compares with, and mends by.

import { decodePatch, contentsHashOf } from '../patches/encode-patch.ts';
import { packText, packTree } from '../patches/pack-facts.ts';
import { factsOfPatch, type Numbering } from '../patches/patch-facts.ts';
import type { NamedPatch } from '../patches/patch.ts';
import type { Derived, LocalNumbers } from '../store/verify-face.ts';
import type { StoredPatch } from '../store/store.ts';
import { rowOfPatch } from './add-patch.ts';
import { labelsOfBlob } from './attribution-labels.ts';
import { fileUnknown, patchRefused, patchUnknown } from './faults.ts';

/** Throws a Fault where the bytes are no patch, or the contents are not its own. */
export function derivePatch({ hashed, contents, attribution }: StoredPatch): Derived {
  const patch = decodePatch(hashed);
  if (Buffer.compare(contentsHashOf(contents), patch.contentsHash) !== 0) {
    throw patchRefused(patch.hash, 'its text is not the one that it was named with');
  }
  return {
    row: rowOfPatch(patch),
    inodes: patch.atoms.flatMap((atom) => (atom.kind === 'add-file' ? [{ n: atom.n, kind: atom.fileKind }] : [])),
    labels: attribution === null ? null : labelsOfBlob(attribution.blob),
    facts(numbers) {
      const { texts, tree } = factsOfPatch(patch, numberingWith(patch, numbers));
      return {
        texts: [...texts].map(([inode, facts]) => ({ inode, facts: packText(facts) })),
        tree: tree.length === 0 ? null : packTree({ patch: numbers.own, facts: tree }),
      };
    },
  };
}

function numberingWith(patch: NamedPatch, { own, numberOf, inodeOf }: LocalNumbers): Numbering {
  return {
    numberOf(hash) {
      const number = hash === patch.hash ? own : numberOf(hash);
      if (number === undefined) throw patchUnknown(hash);
      return number;
    },
    inodeOf(by, n) {
      const inode = inodeOf(by, n);
      if (inode === undefined) throw fileUnknown(patch.hash, n);
      return inode;
    },
    // Facts are made from what a patch refers to, never from what refers to it.
    hashOf: () => patch.hash,
    addedBy: () => ({ patch: own, n: 0 }),
  };
}
