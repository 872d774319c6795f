// What an event of an answer does to its message. Pure; the words themselves go through the token buffer.

import { unreachable } from 'kernel/basics';

import type { AnswerEvent, Message } from '../protocol/index.ts';
import { asSent, type ThreadMessage } from './messages.ts';

/** A message that has just begun. `before`: what is known of it already, such as from the history. */
export function begunAnswer(
  event: Extract<AnswerEvent, { kind: 'answer-start' }>,
  before: ThreadMessage | undefined,
  moment: { readonly seq: number; readonly at: string },
): ThreadMessage {
  const { chatId, answerId, parentId, source } = event.data;
  if (before !== undefined) return { ...before, source };
  return asSent({
    id: answerId,
    chatId,
    seq: moment.seq,
    parentId,
    sender: 'bot',
    content: '',
    status: 'streaming',
    artifacts: [],
    tools: [],
    branch: { number: 1, of: 1 },
    reaction: null,
    source,
    usage: null,
    costMicroUsd: null,
    verdict: null,
    runId: null,
    problem: null,
    clientTimestamp: null,
    createdAt: moment.at,
    editedAt: null,
  });
}

/** An answer that is about to come beside another one. */
export const answerBeside = (
  old: ThreadMessage,
  { runId, answerId }: { readonly runId: string; readonly answerId: string },
): ThreadMessage => ({
  ...old,
  id: answerId,
  runId,
  content: '',
  status: 'streaming',
  artifacts: [],
  tools: [],
  branch: { number: old.branch.of + 1, of: old.branch.of + 1 },
  reaction: null,
  source: null,
  usage: null,
  costMicroUsd: null,
  verdict: null,
  problem: null,
});

/** What changes besides the words. */
export function foldAnswer(message: Message, event: AnswerEvent): Partial<Message> {
  switch (event.kind) {
    case 'answer-start':
    case 'answer-delta':
    case 'reasoning-delta':
      return {};
    case 'source-changed':
      return { source: event.data.source };
    case 'tool-called': {
      const { callId, name, input } = event.data;
      const isKnown = message.tools.some((tool) => tool.callId === callId);
      return isKnown ? {} : { tools: [...message.tools, { callId, name, input }] };
    }
    case 'tool-answered': {
      const { callId, output } = event.data;
      return { tools: message.tools.map((tool) => (tool.callId === callId ? { ...tool, output } : tool)) };
    }
    case 'artifact-added': {
      const { artifact } = event.data;
      const others = message.artifacts.filter(({ id }) => id !== artifact.id);
      return { artifacts: [...others, artifact] };
    }
    case 'answer-end': {
      const { message: whole } = event.data;
      // Who wrote the answer does not count its siblings; who asked for it did.
      return { ...whole, branch: whole.branch.of < message.branch.of ? message.branch : whole.branch };
    }
    default:
      return unreachable(event);
  }
}
