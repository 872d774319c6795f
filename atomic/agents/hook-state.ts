// What folding the spool has to remember from one time to the next: sessions, tools that are at work, and the texts that
// the working log speaks of.
// Rule: everything is bounded; what falls out is untracked.

import type { Agent, PromptReference } from '../attribution/attribution.ts';
import type { Worklog } from '../hooks/worklog.ts';
import type { SpoolPlace } from './spool.ts';

/** A text as it was last seen; null: the file was not there; 'unknown': it was too long, or its text was not told. */
export type SeenText = Buffer | null | 'unknown';

export interface TokenSum {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
}

export interface Session {
  readonly model: string | null;
  readonly prompt: PromptReference | null;
  readonly transcript: string | null;
  /** How far the transcript was read, and what stood in it since the last patch. */
  readonly readBytes: number;
  readonly unspent: TokenSum;
  /** The last answer that was counted: transcripts tell one answer on several lines. */
  readonly lastAnswer: string | null;
  readonly at: number;
}

/** A tool between its two hooks. */
export interface OpenTool {
  readonly session: string;
  readonly agent: Agent;
  readonly model: string | null;
  /** Null: whatever changes may be its doing. */
  readonly named: readonly string[] | null;
  readonly at: number;
}

export interface HookState {
  readonly place: SpoolPlace;
  readonly log: Worklog;
  /** What the log, where it has the path, is of. */
  readonly noted: ReadonlyMap<string, SeenText>;
  /** Seen later, and not accounted for yet: a tool that may have written it is still at work. */
  readonly waiting: ReadonlyMap<string, SeenText>;
  /** By agent and session. */
  readonly sessions: ReadonlyMap<string, Session>;
  readonly open: readonly OpenTool[];
}

export const NO_TOKENS: TokenSum = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };

export const EMPTY_STATE: HookState = {
  place: {},
  log: new Map(),
  noted: new Map(),
  waiting: new Map(),
  sessions: new Map(),
  open: [],
};

/** Sessions of which something is not recorded yet; the least used go first. */
export const SESSIONS_MAX = 500;
/** Agents that work at once, each with a few tools. */
export const OPEN_MAX = 500;
/** The longest that an agent's command may run, and then some: after it the tool was broken off. */
export const OPEN_MS_MAX = 15 * 60_000;

export const sessionKey = ({ tool, sessionId }: Agent): string => `${tool} ${sessionId ?? ''}`;
