// How the text of a file lies for one set of patches: alive bytes in their order, and where that order is in conflict.
// Rule: a layout depends on the set of patches and the policy alone. Both engines give the same layout.
// Normal form: neighbouring runs of one patch are one run where their bytes touch and their deleters are the same;
// sides are sorted by the smallest canonical key in them, members and twins by that of their first bytes; there are no empty runs or series.

import type { PatchNumber, Range } from './facts.ts';

/** Alive bytes of one insertion. */
export interface Run extends Range {
  /** Patches that deleted what stood around it without knowing it, sorted by hash. Not empty: contested text. */
  readonly contestedBy: readonly PatchNumber[];
}

/** Text that is printed once. With twins: the same bytes, written by several at one place. */
interface TextItem {
  readonly kind: 'text';
  readonly run: Run;
}

/** Byte-identical sides, printed once and credited to all. The first side is the one that is printed. */
interface TwinsItem {
  readonly kind: 'twins';
  readonly sides: readonly (readonly Run[])[];
}

/** Sides of which nobody said which comes first. A side may be empty when the rest of it is a twin of another's. */
interface OrderConflict {
  readonly kind: 'order';
  readonly sides: readonly (readonly Item[])[];
}

/** Text of which some say that it comes first, and others that it comes last. */
interface CyclicConflict {
  readonly kind: 'cyclic';
  readonly members: readonly Run[];
}

export type Item = TextItem | TwinsItem | OrderConflict | CyclicConflict;
export type Layout = readonly Item[];

/** What the recorder asks of a file beyond its layout. */
export interface FileText {
  readonly layout: Layout;
  /** Patches that own text directly beside (by an edge, dead text included) any of these bytes. Sorted by number. */
  ownersBeside(ranges: readonly Range[]): readonly PatchNumber[];
  /** Whether an edge leads from the run that ends with this byte to the one that starts with the other. */
  isLinked(
    last: { readonly patch: PatchNumber; readonly offset: number },
    first: { readonly patch: PatchNumber; readonly offset: number },
  ): boolean;
  /** The bytes of this file that a patch deletes and that are still dead because of it, for credit and rollback. */
  deadRuns(): readonly { readonly range: Range; readonly deletedBy: readonly PatchNumber[] }[];
}
