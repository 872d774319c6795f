// The questions a chat asks its server, each with its parsed answer. Callbacks, as the seed has them, and promises.
// Rule: asking never changes anything (a reset is a POST), and what changes something carries a key that stays the same
// when it is sent again.

import * as z from 'zod/mini';

import { newId } from 'kernel/basics';

import type { Events } from '../events/index.ts';
import {
  ActionTaken,
  ActiveRun,
  ArtifactAdded,
  Chat,
  ChatPage,
  ChatState,
  HistoryPage,
  Message,
  PostedMessage,
  RunAccepted,
  type BeginChat,
  type ChangeChat,
  type Completion,
  type MessageAction,
  type PostMessage,
} from '../protocol/index.ts';
import type { Requests } from './create-requests.ts';
import { queryOf } from './join-url.ts';

export interface Asking {
  readonly signal?: AbortSignal;
}
export interface Keyed extends Asking {
  /** Made once for what a person did, and kept when it is sent again. A new one where it is left out. */
  readonly key?: string;
}

export interface HistoryQuestion extends Asking {
  readonly limit?: number;
  /** The `before` of the page after it: the keyset. */
  readonly before?: number;
  /** Every branch, not only the one that is shown. */
  readonly isEveryBranch?: boolean;
}

export type Completed =
  { readonly kind: 'accepted'; readonly run: RunAccepted } | { readonly kind: 'answered'; readonly message: Message };

const CompletionAnswer = z.union([RunAccepted, z.object({ message: Message }), Message]);

type Callback = (state: ChatState | null, error?: unknown) => void;

export interface ChatApi {
  /** `reset` begins anew, which is a change and sent as one. `callback` hears of both ends. */
  fetchChatData(chatId: string, userId?: string | null, reset?: boolean, callback?: Callback): Promise<ChatState>;
  postChatData(begin: BeginChat, options?: Keyed, callback?: Callback): Promise<ChatState>;
  /** As the seed asks: by limit and offset. */
  getChatHistory(chatId: string, limit?: number, offset?: number): Promise<HistoryPage>;
  /** As it should be asked: by the number before which one reads on. */
  history(chatId: string, question?: HistoryQuestion): Promise<HistoryPage>;
  list(
    question?: Asking & { readonly cursor?: string; readonly limit?: number; readonly isArchived?: boolean },
  ): Promise<ChatPage>;
  change(chatId: string, change: ChangeChat): Promise<Chat>;
  saveMessage(chatId: string, message: PostMessage, options?: Keyed): Promise<PostedMessage>;
  /** Asks for an answer. During the guided set-up it is there at once, and no run makes it. */
  complete(chatId: string, completion: Completion, options?: Keyed): Promise<Completed>;
  /** The run that is answering in this chat, or null. */
  activeRun(chatId: string, options?: Asking): Promise<ActiveRun | null>;
  stop(runId: string): Promise<void>;
  act(chatId: string, messageId: string, action: MessageAction, options?: Keyed): Promise<ActionTaken>;
  upload(chatId: string, image: Blob, options?: Keyed & { readonly alt?: string }): Promise<ArtifactAdded>;
  upscale(artifactId: string, options?: Keyed): Promise<ArtifactAdded>;
}

/** @param events Told of each fetch: `chatapi:fetch-success`, `chatapi:fetch-error`. */
export function createChatApi(requests: Requests, events?: Pick<Events, 'triggerChatEvent'>): ChatApi {
  /** The seed's flow: event, then callback, then the promise. */
  const told = async (chatId: string, work: Promise<ChatState>, callback: Callback | undefined): Promise<ChatState> => {
    const path = '/chat';
    try {
      const state = await work;
      events?.triggerChatEvent('chatapi:fetch-success', { chatId, path });
      callback?.(state);
      return state;
    } catch (error) {
      events?.triggerChatEvent('chatapi:fetch-error', { chatId, path, error });
      callback?.(null, error);
      throw error;
    }
  };
  const postChatData: ChatApi['postChatData'] = (begin, options = {}, callback = undefined) =>
    told(begin.chatId, requests.request('POST', '/chat', begin, { ...keyed(options), schema: ChatState }), callback);

  return {
    ...conversationsOf(requests),
    ...answersOf(requests),
    fetchChatData: (chatId, userId, reset = false, callback = undefined) => {
      const user = userId === null || userId === undefined ? {} : { userId };
      if (reset) return postChatData({ chatId, reset, ...user }, {}, callback);
      const path = `/chat${queryOf({ chatId, ...user })}`;
      return told(chatId, requests.request('GET', path, undefined, { schema: ChatState }), callback);
    },
    postChatData,
  };
}

const at = (chatId: string, rest = ''): string => `/chat/${encodeURIComponent(chatId)}${rest}`;

const conversationsOf = (
  requests: Requests,
): Pick<ChatApi, 'getChatHistory' | 'history' | 'list' | 'change' | 'saveMessage'> => ({
  getChatHistory: (chatId, limit, offset = 0) =>
    requests.request('GET', at(chatId, `/history${queryOf({ limit, offset })}`), undefined, { schema: HistoryPage }),
  history: (chatId, { limit, before, isEveryBranch, ...asking } = {}) => {
    const query = queryOf({ limit, before, branches: isEveryBranch === true ? 'all' : undefined });
    return requests.request('GET', at(chatId, `/history${query}`), undefined, { ...asking, schema: HistoryPage });
  },
  list: ({ cursor, limit, isArchived, ...asking } = {}) =>
    requests.request('GET', `/chat/list${queryOf({ cursor, limit, archived: isArchived })}`, undefined, {
      ...asking,
      schema: ChatPage,
    }),
  change: (chatId, change) => requests.request('PATCH', at(chatId), change, { ...keyed({}), schema: Chat }),
  saveMessage: (chatId, message, options = {}) =>
    requests.request('POST', at(chatId, '/message'), message, { ...keyed(options), schema: PostedMessage }),
});

const answersOf = (
  requests: Requests,
): Pick<ChatApi, 'complete' | 'activeRun' | 'stop' | 'act' | 'upload' | 'upscale'> => ({
  complete: async (chatId, completion, options = {}) => {
    const given = { ...keyed(options), schema: CompletionAnswer };
    const answer = await requests.request('POST', at(chatId, '/completion'), completion, given);
    if ('runId' in answer && 'answerId' in answer) return { kind: 'accepted', run: answer };
    return { kind: 'answered', message: 'message' in answer ? answer.message : answer };
  },
  activeRun: async (chatId, asking = {}) => {
    const answer = await requests.request<unknown>('GET', at(chatId, '/active-run'), undefined, asking);
    return answer === undefined ? null : ActiveRun.parse(answer);
  },
  stop: async (runId) => {
    await requests.request('POST', `/runs/${encodeURIComponent(runId)}/stop`, {}, keyed({}));
  },
  act: (chatId, messageId, action, options = {}) =>
    requests.request('POST', at(chatId, `/messages/${encodeURIComponent(messageId)}/actions`), action, {
      ...keyed(options),
      schema: ActionTaken,
    }),
  upload: (chatId, image, { alt, ...options } = {}) =>
    requests.request('POST', at(chatId, `/artifacts${queryOf({ alt })}`), image, {
      ...keyed(options),
      headers: { 'content-type': image.type },
      schema: ArtifactAdded,
    }),
  upscale: (artifactId, options = {}) => {
    const path = `/chat/artifacts/${encodeURIComponent(artifactId)}/upscale`;
    // Without a model for it the server says 503, and would say it again.
    return requests.request('POST', path, {}, { ...keyed(options), retries: 0, schema: ArtifactAdded });
  },
});

const keyed = ({ key, signal }: Keyed): { readonly idempotencyKey: string; readonly signal?: AbortSignal } => ({
  idempotencyKey: key ?? newId<'send'>(),
  ...(signal === undefined ? {} : { signal }),
});
