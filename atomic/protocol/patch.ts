// Patches: a line of the history, a page of it, one patch with all that is known of it, and what builds on what.

import * as z from 'zod/mini';

import { ActorClass, Author, Credit, Who } from './who.ts';

const TEXT_LENGTH_MAX = 200;
/** As long as the expressions that choose patches may be. */
const EXPRESSION_LENGTH_MAX = 4096;
const PAGE_DEFAULT = 50;
const PAGE_MAX = 200;

const hash = z.string().check(z.regex(/^[a-z2-7]{1,52}$/));
const text = z.string().check(z.minLength(1), z.maxLength(TEXT_LENGTH_MAX));
const expression = z.string().check(z.minLength(1), z.maxLength(EXPRESSION_LENGTH_MAX));
const limit = z._default(z.coerce.number().check(z.int(), z.minimum(1), z.maximum(PAGE_MAX)), PAGE_DEFAULT);

/** Which state is looked at: the current channel by default, and what it would be without the patches of `without`. */
export const StateQuery = z.object({ channel: z.optional(text), without: z.optional(expression) });
export type StateQuery = z.infer<typeof StateQuery>;

/** GET …/patches: those of a channel, newest first; `outside`: those of the repository that the channel has not. */
export const HistoryQuery = z.object({
  ...StateQuery.shape,
  of: z._default(z.enum(['channel', 'outside']), 'channel'),
  actor: z.optional(ActorClass),
  /** `provider/model`, or the model alone. */
  model: z.optional(text),
  /** A part of the author's name or address. */
  author: z.optional(text),
  /** A part of the message, or the beginning of the hash. */
  text: z.optional(text),
  /** A path, or a folder. */
  path: z.optional(z.string().check(z.minLength(1), z.maxLength(EXPRESSION_LENGTH_MAX))),
  /** As atomic log --where: `ai.model=… and file=src/**`. */
  expr: z.optional(expression),
  limit,
  /** The `next` of the page before. */
  before: z.optional(hash),
});
export type HistoryQuery = z.infer<typeof HistoryQuery>;

export const PatchLine = z.object({
  hash: z.string(),
  message: z.string(),
  at: z.iso.datetime(),
  author: Author,
  who: Who,
  /** The first few paths that it says something of, and how many there are. */
  paths: z.array(z.string()),
  files: z.number(),
  isSigned: z.boolean(),
});
export type PatchLine = z.infer<typeof PatchLine>;

export const PatchPage = z.object({
  channel: z.string(),
  root: z.string(),
  patches: z.array(PatchLine),
  /** Null at the end. A page may have fewer patches than asked for, and even none, and still not be the last. */
  next: z.nullable(z.string()),
});
export type PatchPage = z.infer<typeof PatchPage>;

/** A line of a change. `credit`: who wrote it, by its place in the change's credits; null where that is not known. */
export const DiffLine = z.object({
  sign: z.enum(['+', '-', ' ']),
  old: z.nullable(z.number()),
  now: z.nullable(z.number()),
  text: z.string(),
  credit: z.nullable(z.number()),
});
export type DiffLine = z.infer<typeof DiffLine>;

/** As in a unified diff. */
export const DiffHunk = z.object({
  oldStart: z.number(),
  oldLines: z.number(),
  newStart: z.number(),
  newLines: z.number(),
  lines: z.array(DiffLine),
});
export type DiffHunk = z.infer<typeof DiffHunk>;

export const FileChange = z.object({
  path: z.string(),
  /** Where it was before; null when it is new. */
  from: z.nullable(z.string()),
  kind: z.enum(['added', 'deleted', 'moved', 'changed', 'properties']),
  fileKind: z.string(),
  added: z.number(),
  removed: z.number(),
  hunks: z.array(DiffHunk),
  /** Why no lines, or not all of them, are shown. */
  cut: z.nullable(z.enum(['not-text', 'too-long', 'too-many-files'])),
});
export type FileChange = z.infer<typeof FileChange>;

/** What is known of who wrote a patch, in words and in parts. Null parts: not known. */
export const Attribution = z.object({
  /** One line, as atomic log --attribution has it. */
  sentence: z.string(),
  /** Why we believe it, in words. */
  because: z.string(),
  /** The accountable person. */
  accountable: z.object({ name: z.string(), email: z.string(), key: z.nullable(z.string()) }),
  modelVersion: z.nullable(z.string()),
  agent: z.nullable(z.object({ tool: z.string(), version: z.nullable(z.string()), session: z.nullable(z.string()) })),
  /** 0 to 1: how much of what it suggested was taken. */
  acceptance: z.nullable(z.number()),
  reviewMs: z.nullable(z.number()),
  prompt: z.nullable(z.object({ hash: z.string(), level: z.string() })),
  tokens: z.nullable(z.number()),
  costMicroUsd: z.nullable(z.number()),
  /** Parts of the patch that somebody else wrote than the patch as a whole. */
  parts: z.number(),
  /** `left-out`: the patch is committed to an attribution that did not come with it. */
  kept: z.enum(['kept', 'left-out', 'none']),
});
export type Attribution = z.infer<typeof Attribution>;

export const Review = z.object({
  reviewer: z.string(),
  verdict: z.enum(['accept', 'edit', 'reject']),
  ms: z.number(),
  linesShown: z.nullable(z.number()),
  at: z.iso.datetime(),
});
export type Review = z.infer<typeof Review>;

export const Signature = z.object({ key: z.string(), isValid: z.boolean() });
export type Signature = z.infer<typeof Signature>;

/** Patches beside this one, the first few of them. */
const Neighbours = z.object({ patches: z.array(PatchLine), inAll: z.number() });

/** GET …/patches/{hash} */
export const PatchDetail = z.object({
  ...PatchLine.shape,
  channel: z.string(),
  /** Whether the channel has it. */
  isHere: z.boolean(),
  /** The channels that have it. */
  channels: z.array(z.string()),
  description: z.string(),
  authors: z.array(Author),
  zoneMinutes: z.number(),
  attribution: Attribution,
  dependencies: Neighbours,
  dependents: Neighbours,
  reviews: z.array(Review),
  reviewState: z.enum(['unreviewed', 'accept', 'edit', 'reject']),
  signatures: z.array(Signature),
  changes: z.array(FileChange),
  credits: z.array(Credit),
});
export type PatchDetail = z.infer<typeof PatchDetail>;

/** GET …/graph: the newest patches of a channel and what builds on what among them. */
export const GraphQuery = z.object({
  channel: z.optional(text),
  actor: z.optional(ActorClass),
  expr: z.optional(expression),
  limit: z._default(z.coerce.number().check(z.int(), z.minimum(1), z.maximum(PAGE_MAX)), PAGE_DEFAULT),
});
export type GraphQuery = z.infer<typeof GraphQuery>;

export const PatchGraph = z.object({
  channel: z.string(),
  root: z.string(),
  nodes: z.array(PatchLine),
  /** `from` builds on `to`. What follows from other edges is left out. */
  edges: z.array(z.object({ from: z.string(), to: z.string() })),
  /** How many patches of the channel are not drawn. */
  others: z.number(),
});
export type PatchGraph = z.infer<typeof PatchGraph>;
