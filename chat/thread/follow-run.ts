// Reads one answer into its message until it is whole.
// Rule: the text of an answer is its deltas joined; its end says it once more, whole, and wins.

import { toIso, unreachable } from 'kernel/basics';
import type { TailState } from 'kernel/protocol';

import type { Events } from '../events/index.ts';
import { followAnswer, type NumberedAnswerEvent, type Requests, type Wake } from '../requests/index.ts';
import { endAnnouncement, type Announcements } from './announce.ts';
import { begunAnswer, foldAnswer } from './fold-answer.ts';
import { asSent, type MessageMap, type ThreadMessage } from './messages.ts';
import type { ThreadState } from './thread-state.ts';
import type { TokenBuffer } from './token-buffer.ts';

export interface RunFollowing {
  readonly requests: Requests;
  readonly events: Events;
  readonly runId: string;
  readonly signal: AbortSignal;
  readonly wake?: Wake;
  readonly random?: () => number;
  readonly messages: MessageMap;
  readonly buffer: TokenBuffer;
  readonly words: Announcements;
  /** Puts it into the conversation, at its end. */
  add(message: ThreadMessage): void;
  setState(state: Partial<ThreadState>): void;
}

/** `cut-short`: the run is over, and no end of its answer was told; the server knows what became of it. */
export type RunEnd = 'whole' | 'left' | 'cut-short';

export async function followRun(following: RunFollowing): Promise<RunEnd> {
  const { requests, runId, signal, wake, random, setState, events, messages } = following;
  const onState = (state: TailState): void => setState({ connection: connectionOf(state) });
  const rest = { ...(wake === undefined ? {} : { wake }), ...(random === undefined ? {} : { random }) };
  let answer: string | null = null;
  for await (const numbered of followAnswer({ requests, runId, signal, onState, ...rest })) {
    if (numbered.event.kind === 'answer-start') answer = begin(following, numbered);
    else if (answer !== null) goOn(following, answer, numbered);
    if (numbered.event.kind === 'answer-end') {
      const chatId = numbered.event.data.message.chatId;
      events.triggerChatEvent('chat:typing', { chatId, isTyping: false });
      return 'whole';
    }
  }
  if (signal.aborted) return 'left';
  if (answer !== null) following.buffer.end(answer);
  const chatId = answer === null ? '' : (messages.get(answer)?.chatId ?? '');
  events.triggerChatEvent('chat:typing', { chatId, isTyping: false });
  return 'cut-short';
}

function begin(
  { requests, messages, buffer, add, events, setState, words }: RunFollowing,
  { seq, event }: NumberedAnswerEvent,
) {
  if (event.kind !== 'answer-start') return null;
  const { answerId, chatId } = event.data;
  const before = messages.get(answerId);
  // Read once more after a reload: it is whole already, and nothing of it is news.
  if (before?.status !== undefined && before.status !== 'streaming') {
    buffer.end(answerId);
    return answerId;
  }
  add(begunAnswer(event, before, { seq, at: toIso(requests.clock.now()) }));
  buffer.begin(answerId);
  events.triggerChatEvent('chat:typing', { chatId, isTyping: true });
  setState({ announcement: words.began });
  return answerId;
}

function goOn(following: RunFollowing, id: string, { event }: NumberedAnswerEvent): void {
  const { messages, buffer, events, setState, words } = following;
  const message = messages.get(id);
  if (message === undefined) return;
  switch (event.kind) {
    case 'answer-delta':
      if (message.status === 'streaming') buffer.push(id, event.data.text);
      return;
    case 'answer-start':
    case 'reasoning-delta':
      return;
    case 'source-changed':
    case 'tool-called':
    case 'tool-answered':
    case 'artifact-added':
      return messages.change(id, foldAnswer(message, event));
    case 'answer-end': {
      const whole = event.data.message;
      const isNews = message.status === 'streaming';
      buffer.end(id);
      messages.put(asSent({ ...whole, ...foldAnswer(message, event) }));
      if (!isNews) return;
      setState({ announcement: endAnnouncement(whole, words) });
      return events.triggerChatEvent('message:received', { chatId: whole.chatId, message: whole });
    }
    default:
      return unreachable(event);
  }
}

function connectionOf(state: TailState): ThreadState['connection'] {
  return state.kind === 'ended' ? 'idle' : state.kind;
}
