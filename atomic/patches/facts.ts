// What the engines know of one file's text: the facts of each patch, with patches as small local numbers.
// Rule: numbers are local to one repository and never decide anything; whatever has to be the same everywhere is
// decided by hashes (`History.compare`).

/** A patch's local number. */
export type PatchNumber = number;

export interface Position {
  readonly patch: PatchNumber;
  readonly offset: number;
}

export interface Range {
  readonly patch: PatchNumber;
  readonly start: number;
  readonly end: number;
}

export interface TextInsert {
  readonly start: number;
  readonly end: number;
  /** Empty: the beginning of the file. */
  readonly up: readonly Position[];
  /** Empty: the end of the file. */
  readonly down: readonly Position[];
  readonly replaces: readonly Range[];
  /** Where bytes of it come from; for credit only. */
  readonly origins: readonly { readonly at: number; readonly from: Range }[];
}

/** All that one patch says of one file's text. */
export interface TextFacts {
  readonly patch: PatchNumber;
  readonly inserts: readonly TextInsert[];
  readonly deletes: readonly Range[];
  readonly undeletes: readonly { readonly range: Range; readonly by: PatchNumber }[];
  readonly orders: readonly { readonly from: Position; readonly to: Position }[];
  readonly unorders: readonly { readonly from: Position; readonly to: Position; readonly by: PatchNumber }[];
  readonly acknowledges: readonly { readonly range: Range; readonly by: PatchNumber }[];
}

/** What the engines ask of the patches beyond one file's facts. */
export interface History {
  /** The order of two patches by the bytes of their hashes. */
  compare(a: PatchNumber, b: PatchNumber): number;
  /** Whether `deleter` knew `owner`: it depends on it, directly or not, or one of those patches names it as known. */
  knows(deleter: PatchNumber, owner: PatchNumber): boolean;
  /** Bytes of a patch's contents. A view: never written to. */
  text(range: Range): Uint8Array;
}

export interface MergePolicy {
  /** `clean`: edits of neighbouring lines merge. `strict`: any context that somebody else deleted is contested. */
  readonly adjacent: 'clean' | 'strict';
  /** `collapse`: the same text written twice at one place is printed once. `conflict`: it is a conflict. */
  readonly identical: 'collapse' | 'conflict';
}

export const DEFAULT_POLICY: MergePolicy = { adjacent: 'clean', identical: 'collapse' };
