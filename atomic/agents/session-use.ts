// How many tokens the sessions of agents used, from their transcripts, and which patch they are counted on.
// Rule: a transcript is read from where it was read last, numbers only; an answer that stands on several lines counts once.
// What a session used since the last patch with work of it counts on the next such patch.

import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

import type { TokenCount } from '../attribution/attribution.ts';
import type { WitnessReport } from '../attribution/sources.ts';
import { isTable } from '../attribution/table-reader.ts';
import type { Repository } from '../repository/repository.ts';
import type { Transaction } from '../store/store.ts';
import { readHookState, writeHookState } from './hook-notes.ts';
import { NO_TOKENS, sessionKey, type Session, type TokenSum } from './hook-state.ts';

/** What a fold reads of a transcript: a working day of an agent. What is more is read the next time. */
const READ_BYTES_MAX = 64 * 1024 * 1024;
const LINE_BYTES_MAX = 8 * 1024 * 1024;
const NEWLINE = 10;

/** The sessions with what their transcripts say by now. Each transcript that cannot be read says nothing. */
export function readUse(sessions: ReadonlyMap<string, Session>): ReadonlyMap<string, Session> {
  return new Map(
    [...sessions].map(([key, session]) => [
      key,
      session.transcript === null ? session : withUseOf(session, session.transcript),
    ]),
  );
}

function withUseOf(session: Session, path: string): Session {
  const bytes = readFrom(path, session.readBytes);
  const end = bytes.lastIndexOf(NEWLINE) + 1;
  let { unspent, lastAnswer } = session;
  for (let at = 0; at < end;) {
    const stop = bytes.indexOf(NEWLINE, at);
    const line = bytes.subarray(at, stop);
    at = stop + 1;
    if (line.length > LINE_BYTES_MAX || !line.includes('"usage"')) continue;
    const use = useIn(line.toString('utf8'));
    if (use === null || (use.answer !== null && use.answer === lastAnswer)) continue;
    lastAnswer = use.answer;
    unspent = plus(unspent, use.tokens);
  }
  return { ...session, readBytes: session.readBytes + end, unspent, lastAnswer };
}

/** Of one line: Claude Code and those that write like it have the provider's own `usage`. */
function useIn(line: string): { readonly answer: string | null; readonly tokens: TokenSum } | null {
  const value = jsonOf(line);
  if (!isTable(value)) return null;
  const message = isTable(value['message']) ? value['message'] : value;
  const usage = message['usage'];
  if (!isTable(usage)) return null;
  const count = (...names: readonly string[]): number => {
    const found = names.map((name) => usage[name]).find((each) => Number.isSafeInteger(each) && Number(each) >= 0);
    return found === undefined ? 0 : Number(found);
  };
  const id = message['id'];
  return {
    answer: typeof id === 'string' ? id : null,
    tokens: {
      input: count('input_tokens', 'prompt_tokens'),
      output: count('output_tokens', 'completion_tokens'),
      cacheRead: count('cache_read_input_tokens', 'cached_input_tokens'),
      cacheWrite: count('cache_creation_input_tokens'),
    },
  };
}

const plus = (a: TokenSum, b: TokenSum): TokenSum => ({
  input: a.input + b.input,
  output: a.output + b.output,
  cacheRead: a.cacheRead + b.cacheRead,
  cacheWrite: a.cacheWrite + b.cacheWrite,
});

const isNothing = (sum: TokenSum): boolean => Object.values(sum).every((count) => count === 0);

/** The report with the tokens that its session used. Null stays null. */
export function withUse({ store }: Repository, report: WitnessReport | null): WitnessReport | null {
  const session =
    report === null || report.agent === null ? undefined : readHookState(store).sessions.get(sessionKey(report.agent));
  if (report === null || session === undefined || isNothing(session.unspent)) return report;
  const tokens: TokenCount = { kind: 'split', ...session.unspent, reasoning: 0 };
  return { ...report, tokens: report.tokens ?? tokens };
}

/** In the transaction that records the patch: what the session used is counted now. */
export function spendUse(transaction: Transaction, { store }: Repository, report: WitnessReport | null): void {
  if (report === null || report.agent === null) return;
  const state = readHookState(store);
  const key = sessionKey(report.agent);
  const session = state.sessions.get(key);
  if (session === undefined || isNothing(session.unspent)) return;
  const sessions = new Map(state.sessions).set(key, { ...session, unspent: NO_TOKENS });
  writeHookState(transaction, state, { ...state, sessions });
}

function readFrom(path: string, from: number): Buffer {
  try {
    const file = openSync(path, 'r');
    try {
      const stats = fstatSync(file);
      const length = stats.isFile() ? Math.min(Math.max(0, stats.size - from), READ_BYTES_MAX) : 0;
      const bytes = Buffer.alloc(length);
      return bytes.subarray(0, length === 0 ? 0 : readSync(file, bytes, 0, length, from));
    } finally {
      closeSync(file);
    }
  } catch {
    // The transcript is gone, or not ours to read.
    return Buffer.alloc(0);
  }
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // A line that was cut off.
    return undefined;
  }
}
