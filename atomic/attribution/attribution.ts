// Who, or which model, wrote a patch, and why we believe it. Kept beside the patch, committed to by its hash.
// Rule: three classes that never mix: AI (`ai`, `mixed`), known human (`human`), and `untracked`. Nobody is called human
// because no AI was seen, and nothing is called AI because of its style.
// Rule: a combination that makes no sense cannot be written down: an AI has a model, and a model may be `untold` only
// where the evidence says that an agent worked and did not name it.
// Not here: bytes (encode-attribution.ts), reviews (reviews.ts), and whatever can be derived (weights, totals).

import type { Microdollars } from 'kernel/basics';

declare const keyIdBrand: unique symbol;
declare const promptHashBrand: unique symbol;
declare const basisPointsBrand: unique symbol;

/** The name of a key: 26 characters of base32, the first 16 bytes of SHA-256 of the public key. */
export type KeyId = string & { readonly [keyIdBrand]: true };
/** 26 characters of base32: the first 16 bytes of HMAC-SHA-256 of the prompt under the repository's key. */
export type PromptHash = string & { readonly [promptHashBrand]: true };
/** Whole ten-thousandths, 0 to 10,000: a share without floating point, so that every machine writes the same bytes. */
export type BasisPoints = number & { readonly [basisPointsBrand]: true };

export const BASIS_POINTS_MAX = 10_000;

/** A share from 0 to 1 in basis points; undefined when it is no such share. */
export function basisPoints(share: number): BasisPoints | undefined {
  return share >= 0 && share <= 1 ? (Math.round(share * BASIS_POINTS_MAX) as BasisPoints) : undefined;
}

export const ACTORS = ['human', 'ai', 'mixed', 'untracked'] as const;
export type Actor = (typeof ACTORS)[number];

/** What is counted. `mixed` counts as AI: an AI took part in it. */
export type ActorClass = 'ai' | 'human' | 'untracked';
export const ACTOR_CLASSES: readonly ActorClass[] = ['ai', 'human', 'untracked'];

export const SUGGESTION_TYPES = ['complete', 'partial', 'collaborative', 'inspired', 'review', 'refactor'] as const;
/**
 * What the AI's part was: `complete` it wrote all of it; `partial` it suggested and a person changed it;
 * `collaborative` a person began and it went on; `inspired` a person wrote it after a suggestion; `review` it reviewed
 * what a person wrote; `refactor` it changed the form of what was there.
 */
export type SuggestionType = (typeof SUGGESTION_TYPES)[number];

export const PRIVACY_LEVELS = ['hash', 'redacted', 'encrypted', 'full'] as const;
/** What is kept of a prompt: its keyed hash alone, its text without secrets, its text under a key, or its text. */
export type PrivacyLevel = (typeof PRIVACY_LEVELS)[number];

export const EVIDENCES = [
  'none',
  'hook',
  'mcp',
  'editor',
  'cli-flag',
  'env',
  'config',
  'trailer',
  'watcher',
  'import',
] as const;
/** Why we believe it. `none`: nobody said anything. */
export type Evidence = (typeof EVIDENCES)[number];

/** Witnesses of an agent at work. They may know that it worked without knowing its model. */
type Witness = 'hook' | 'mcp' | 'editor' | 'trailer' | 'import';
/** A person's own statement at the moment of recording. */
type Statement = 'cli-flag' | 'env';
type AiEvidence = Witness | Statement | 'config';
type HumanEvidence = 'editor' | Statement | 'config' | 'import';
type UntrackedEvidence = 'none' | 'watcher' | 'import';

/** The accountable person. `header`: the n-th author in the header of the patch, which costs one byte to say. */
export type Accountable =
  | { readonly kind: 'header'; readonly n: number; readonly key: KeyId | null }
  | { readonly kind: 'named'; readonly name: string; readonly email: string; readonly key: KeyId | null };

/** The program that did the work. */
export interface Agent {
  /** Such as `claude-code` or `cursor`. Never empty. */
  readonly tool: string;
  readonly toolVersion: string | null;
  /** Such as `plan` or `agent`; the tool's own word. */
  readonly mode: string | null;
  readonly sessionId: string | null;
  readonly turn: string | null;
  readonly toolUseId: string | null;
  readonly subagent: string | null;
}

/** A model that is known by name. Written `provider/model` outside. */
export interface KnownModel {
  readonly kind: 'known';
  readonly provider: string;
  readonly model: string;
  readonly version: string | null;
  /** In thousandths, as a whole number: 0.7 is 700. */
  readonly temperatureMilli: number | null;
  readonly maxTokens: number | null;
}

/** An AI took part, and its model was not told. */
interface UntoldModel {
  readonly kind: 'untold';
  readonly provider: string | null;
}

export type Model = KnownModel | UntoldModel;

export type TokenCount =
  | { readonly kind: 'total'; readonly total: number }
  | {
      readonly kind: 'split';
      readonly input: number;
      readonly output: number;
      readonly reasoning: number;
      readonly cacheRead: number;
      readonly cacheWrite: number;
    };

export interface PromptReference {
  readonly hash: PromptHash;
  readonly level: PrivacyLevel;
  /** Where the text is, when it is kept somewhere else. */
  readonly place: string | null;
}

/** Bytes of one inserted text, counted from its own first byte. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

interface HunkPlace {
  /** Which atom of the patch. */
  readonly atom: number;
  /** Which bytes of the insertion; null: all of the atom. */
  readonly span: Span | null;
}

export interface PersonHunk extends HunkPlace {
  readonly actor: 'human' | 'untracked';
}

export interface AiHunk extends HunkPlace {
  readonly actor: 'ai' | 'mixed';
  /** Null: the model of the patch. */
  readonly model: Model | null;
  readonly toolUseId: string | null;
}

/** Who wrote one part of a patch of several hands. Sorted by atom, then by span. */
export type Hunk = PersonHunk | AiHunk;

export interface HumanAttribution {
  readonly actor: 'human';
  readonly author: Accountable;
  readonly evidence: HumanEvidence;
}

/** Nobody knows. Parts of it may be known to be a person's. */
interface UntrackedAttribution {
  readonly actor: 'untracked';
  readonly author: Accountable;
  readonly evidence: UntrackedEvidence;
  readonly hunks: readonly PersonHunk[];
}

/** Who says that an AI wrote it, and what they could say of it. */
export type AiSource =
  | { readonly evidence: AiEvidence; readonly model: KnownModel; readonly agent: Agent | null }
  | { readonly evidence: Witness; readonly model: UntoldModel; readonly agent: Agent }
  | {
      readonly evidence: Statement;
      readonly model: UntoldModel & { readonly provider: string };
      readonly agent: Agent | null;
    };

export interface AiAttribution {
  /** `ai`: all of it. `mixed`: a person, or nobody knows who, wrote a part of it. */
  readonly actor: 'ai' | 'mixed';
  readonly author: Accountable;
  readonly source: AiSource;
  readonly suggestion: SuggestionType | null;
  /** How sure the AI was. */
  readonly confidence: BasisPoints | null;
  /** How much of what it suggested was taken. */
  readonly acceptance: BasisPoints | null;
  /** How long a person says to have looked at it before recording. Signed reviews come later, and apart. */
  readonly reviewMs: number | null;
  readonly prompt: PromptReference | null;
  readonly tokens: TokenCount | null;
  readonly cost: Microdollars | null;
  readonly hunks: readonly Hunk[];
}

export type Attribution = HumanAttribution | UntrackedAttribution | AiAttribution;

/** Whether an AI took part. */
export const isAiAssisted = (attribution: Attribution): attribution is AiAttribution =>
  attribution.actor === 'ai' || attribution.actor === 'mixed';

export const classOfActor = (actor: Actor): ActorClass => (actor === 'mixed' ? 'ai' : actor);

export const evidenceOf = (attribution: Attribution): Evidence =>
  isAiAssisted(attribution) ? attribution.source.evidence : attribution.evidence;

/** Of a patch without attribution: nobody knows, and the first author of its header is accountable. */
export const UNTRACKED: UntrackedAttribution = {
  actor: 'untracked',
  author: { kind: 'header', n: 0, key: null },
  evidence: 'none',
  hunks: [],
};

/** The name and address of the accountable person. `authors`: those of the patch's header, never empty. */
export function accountableOf(
  attribution: Attribution,
  authors: readonly { readonly name: string; readonly email: string }[],
): { readonly name: string; readonly email: string; readonly key: KeyId | null } {
  const { author } = attribution;
  if (author.kind === 'named') return author;
  const named = authors[author.n] ?? authors[0];
  return { name: named?.name ?? 'unknown', email: named?.email ?? '', key: author.key };
}

/** `provider/model`, as people and other tools write it. */
export const modelName = (model: Model): string =>
  model.kind === 'known' ? `${model.provider}/${model.model}` : `${model.provider ?? 'unknown'}/unknown`;

/**
 * What one word says of a patch of several parts: AI and anything else is `mixed`; a person and nobody knows who is
 * `untracked`, because a person did not write all of it. `[]` is untracked.
 */
export function actorOfParts(actors: readonly Actor[]): Actor {
  const found = new Set(actors);
  if (found.has('mixed')) return 'mixed';
  if (found.has('ai')) return found.size === 1 ? 'ai' : 'mixed';
  return found.has('human') && found.size === 1 ? 'human' : 'untracked';
}
