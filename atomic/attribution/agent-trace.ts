// Agent Trace 0.1.0 records (cursor/agent-trace): which lines of which files an AI or a person wrote.
// Rule: what is built passes the schema, which follows the README of the specification (its published TypeScript doubles a
// backslash in the version's pattern). What the format has no place for (deletions, reviews, the patch) stands in
// `metadata["dev.atomic"]`. `vcs` names the git commit that was exported, if any: the format does not know Atomic.

import { createHash } from 'node:crypto';

import { toIso, type Instant } from 'kernel/basics';
import { z } from 'zod';

import { hashToBytes, type PatchHash } from '../patches/hash.ts';

import { modelName, type Actor, type Model } from './attribution.ts';
import type { Verdict } from './reviews.ts';

const AGENT_TRACE_VERSION = '0.1.0';
export const AGENT_TRACE_TYPE = 'application/vnd.agent-trace.record+json';
const METADATA_KEY = 'dev.atomic';
const MODEL_ID_LENGTH_MAX = 250;

const contributor = z.looseObject({
  type: z.enum(['human', 'ai', 'mixed', 'unknown']),
  model_id: z.string().max(MODEL_ID_LENGTH_MAX).optional(),
});
const uri = z.string().refine((text) => URL.canParse(text), 'is no URI');
const range = z.looseObject({
  start_line: z.int().min(1),
  end_line: z.int().min(1),
  content_hash: z.string().optional(),
  contributor: contributor.optional(),
});
const conversation = z.looseObject({
  url: uri.optional(),
  contributor: contributor.optional(),
  ranges: z.array(range),
  related: z.array(z.looseObject({ type: z.string(), url: uri })).optional(),
});

/** The schema of the README, as zod. */
const agentTraceSchema = z.looseObject({
  version: z.string().regex(/^[0-9]+\.[0-9]+\.[0-9]+$/),
  id: z.guid(),
  timestamp: z.iso.datetime({ offset: true }),
  vcs: z.looseObject({ type: z.enum(['git', 'jj', 'hg', 'svn']), revision: z.string() }).optional(),
  tool: z.looseObject({ name: z.string().optional(), version: z.string().optional() }).optional(),
  files: z.array(z.looseObject({ path: z.string(), conversations: z.array(conversation) })),
  metadata: z.record(z.string(), z.unknown()).optional(),
});

export type AgentTrace = z.infer<typeof agentTraceSchema>;

export interface TracedRange {
  /** Both of them in it, counted from 1. */
  readonly startLine: number;
  readonly endLine: number;
  readonly actor: Actor;
  readonly model: Model | null;
  /** What groups ranges to a conversation; null: none. */
  readonly sessionId: string | null;
  /** Such as `sha256:…` (`contentHash`). */
  readonly contentHash: string | null;
}

export interface TraceParts {
  readonly patch: PatchHash;
  readonly at: Instant;
  readonly tool: { readonly name: string; readonly version: string };
  /** The commit that it was exported as. */
  readonly gitCommit: string | null;
  readonly files: readonly { readonly path: string; readonly ranges: readonly TracedRange[] }[];
  readonly deletions: readonly { readonly path: string; readonly patch: PatchHash; readonly bytes: number }[];
  readonly reviews: readonly {
    readonly reviewer: string;
    readonly verdict: Verdict;
    readonly at: Instant;
    readonly ms: number;
  }[];
}

/** The record of one patch. Deterministic: the same patch gives the same id. */
export function buildAgentTrace(parts: TraceParts): AgentTrace {
  return agentTraceSchema.parse({
    version: AGENT_TRACE_VERSION,
    id: traceId(parts.patch),
    timestamp: toIso(parts.at),
    ...(parts.gitCommit === null ? {} : { vcs: { type: 'git', revision: parts.gitCommit } }),
    tool: parts.tool,
    files: parts.files
      .filter(({ ranges }) => ranges.length > 0)
      .map(({ path, ranges }) => ({ path, conversations: conversationsOf(ranges) })),
    metadata: {
      [METADATA_KEY]: {
        patch: parts.patch,
        deletions: parts.deletions,
        reviews: parts.reviews.map(({ at, ...review }) => ({ ...review, at: toIso(at) })),
      },
    },
  });
}

type CheckedTrace =
  | { readonly kind: 'valid'; readonly trace: AgentTrace }
  | { readonly kind: 'invalid'; readonly errors: readonly string[] };

export function checkAgentTrace(value: unknown): CheckedTrace {
  const read = agentTraceSchema.safeParse(value);
  if (read.success) return { kind: 'valid', trace: read.data };
  return { kind: 'invalid', errors: read.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) };
}

/** The ranges that a record tells, by path; a range's own contributor goes before its conversation's. */
export function tracedRanges(
  trace: AgentTrace,
): readonly { readonly path: string; readonly ranges: readonly TracedRange[] }[] {
  return trace.files.map(({ path, conversations }) => ({
    path,
    ranges: conversations.flatMap(({ url, contributor: common, ranges }) =>
      ranges.map((each): TracedRange => {
        const told = each.contributor ?? common;
        return {
          startLine: each.start_line,
          endLine: each.end_line,
          actor: told === undefined || told.type === 'unknown' ? 'untracked' : told.type,
          model: told?.model_id === undefined ? null : modelOf(told.model_id),
          sessionId: url ?? null,
          contentHash: each.content_hash ?? null,
        };
      }),
    ),
  }));
}

/** Of the bytes of a range; it tracks them when they move. */
export const contentHash = (bytes: Uint8Array): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

/** A UUID (version 8, RFC 9562) of a patch. */
export function traceId(patch: PatchHash): string {
  const bytes = Buffer.from(hashToBytes(patch).subarray(0, 16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** One conversation for each session and contributor, in the order of their first lines. */
function conversationsOf(ranges: readonly TracedRange[]): readonly object[] {
  const groups = new Map<string, TracedRange[]>();
  for (const each of [...ranges].sort((a, b) => a.startLine - b.startLine)) {
    const key = JSON.stringify([each.sessionId, each.actor, each.model]);
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  return [...groups.values()].map((group) => {
    const [first] = group;
    const url = first === undefined || first.sessionId === null ? null : sessionUrl(first.sessionId);
    return {
      ...(url === null ? {} : { url }),
      ...(first === undefined ? {} : { contributor: contributorOf(first) }),
      ranges: group.map(({ startLine, endLine, contentHash }) => ({
        start_line: startLine,
        end_line: endLine,
        ...(contentHash === null ? {} : { content_hash: contentHash }),
      })),
    };
  });
}

/** A session that is a URL already stays it. */
const sessionUrl = (id: string): string =>
  /^[a-z][a-z0-9+.-]*:/i.test(id) && URL.canParse(id) ? id : `urn:atomic:session:${encodeURIComponent(id)}`;

function contributorOf({ actor, model }: TracedRange): object {
  const id = model?.kind === 'known' ? modelName(model).slice(0, MODEL_ID_LENGTH_MAX) : null;
  const isAi = actor === 'ai' || actor === 'mixed';
  return { type: actor === 'untracked' ? 'unknown' : actor, ...(isAi && id !== null ? { model_id: id } : {}) };
}

function modelOf(id: string): Model {
  const slash = id.indexOf('/');
  const [provider, model] = slash <= 0 ? ['unknown', id] : [id.slice(0, slash), id.slice(slash + 1)];
  return { kind: 'known', provider, model, version: null, temperatureMilli: null, maxTokens: null };
}
