// A conversation in the browser: what is shown, what is being sent, and the answer that is being written.
// Rules: a message is written down before it is sent and always sent under its one key; an answer is followed until it
// is whole, over reloads and lost connections; edit and regenerate add a branch and hide nothing.
// Not here: how it looks (element, console), and what modules do with it (modules).

import { Fault, newId } from 'kernel/basics';

import type { Events } from '../events/index.ts';
import type { OutgoingRequest } from '../modules/index.ts';
import type { ActionTaken, Artifact, Chat, ChatState, MessageAction } from '../protocol/index.ts';
import { ChatError, handleApiError, type ChatApi, type Keeping, type Requests, type Wake } from '../requests/index.ts';
import { announcementsFor } from './announce.ts';
import { branchGone, tooManyPending } from './faults.ts';
import { answerBeside } from './fold-answer.ts';
import { followRun } from './follow-run.ts';
import { asSent, MessageMap, type ThreadMessage } from './messages.ts';
import { Outbox } from './outbox.ts';
import { isPendingId, pendingId, pendingMessage, PendingTable, type PendingSend } from './pending.ts';
import { placedInstead, withoutId } from './places.ts';
import { createThreadStore, type ThreadStore } from './thread-state.ts';
import { TokenBuffer, type Frames } from './token-buffer.ts';

export interface ThreadOptions {
  readonly requests: Requests;
  readonly api: ChatApi;
  readonly events: Events;
  /** A conversation, or a character to talk to. */
  readonly target: string;
  readonly keeping: Keeping;
  readonly frames: Frames;
  readonly wake?: Wake;
  readonly random?: () => number;
  readonly language?: string;
  /** Lets the modules change what goes out. */
  readonly transformRequest?: (request: OutgoingRequest) => Promise<OutgoingRequest>;
}

export interface Sending {
  readonly artifactIds?: readonly string[];
}

const PAGE = 50;
/** Other branches are looked for in so many pages of 200; longer conversations show them by their link. */
const BRANCH_PAGES_MAX = 25;
const BRANCH_PAGE = 200;

export class Thread {
  readonly store: ThreadStore = createThreadStore();
  readonly #options: ThreadOptions;
  readonly #messages = new MessageMap();
  readonly #pending: PendingTable;
  readonly #buffer: TokenBuffer;
  readonly #closed = new AbortController();
  /** The `before` of the oldest page that is here. */
  #before: number | null = null;
  readonly #outbox: Outbox;
  #following: AbortController | null = null;

  constructor(options: ThreadOptions) {
    this.#options = options;
    this.#pending = new PendingTable(options.keeping, options.target);
    this.#buffer = new TokenBuffer(options.frames, (id, text) => {
      const message = this.#messages.get(id);
      if (message?.status !== 'streaming' || text.length <= message.content.length) return;
      this.#messages.put({ ...message, content: text });
    });
    this.#outbox = new Outbox({
      ...options,
      pending: this.#pending,
      messages: this.#messages,
      store: this.store,
      closed: this.#closed.signal,
      begun: () => this.#begun(),
      follow: (run) => this.#follow(run),
      answered: async (message) => {
        this.#add(asSent(message));
        await this.#read();
      },
      fail: (where, error) => this.#fail(where, error),
    });
  }

  message(id: string): ThreadMessage | undefined {
    return this.#messages.get(id);
  }
  /** Calls back when this message changes. Gives back what ends that. */
  watchMessage(id: string, watcher: () => void): () => void {
    return this.#messages.watch(id, watcher);
  }

  /** Reads the newest page, sends what was left unsent, and goes on with an answer under way. */
  async load(): Promise<void> {
    this.store.setState({ loading: 'first', problem: null });
    try {
      await this.#read();
      this.#options.events.triggerChatEvent('chat:loaded', {
        chatId: this.store.getState().chatId ?? this.#options.target,
        chat: this.store.getState().chat,
      });
      for (const send of this.#pending.all) this.#showPending(send);
      void this.#outbox.pump();
      if (this.#pending.next === undefined) await this.#goOn();
    } catch (error) {
      this.#fail('loading the chat', error);
    } finally {
      this.store.setState({ loading: 'none' });
    }
  }

  /** The page before the oldest message that is here. */
  async loadOlder(): Promise<void> {
    const { chatId, loading } = this.store.getState();
    if (chatId === null || this.#before === null || loading !== 'none') return;
    this.store.setState({ loading: 'older' });
    try {
      const page = await this.#options.api.history(chatId, { limit: PAGE, before: this.#before });
      for (const message of page.messages) this.#messages.put(asSent(message));
      this.#before = page.before;
      this.store.setState(({ ids }) => {
        const known = new Set(ids);
        const older = page.messages.map(({ id }) => id).filter((id) => !known.has(id));
        return { ids: [...older, ...ids], hasOlder: page.before !== null };
      });
    } catch (error) {
      this.#fail('reading earlier messages', error);
    } finally {
      this.store.setState({ loading: 'none' });
    }
  }

  /** Takes the message: it is shown at once and sent when its turn comes. Gives back its key. Throws when too many wait. */
  async send(text: string, { artifactIds = [] }: Sending = {}): Promise<string> {
    const request = { content: text, artifactIds };
    const changed = (await this.#options.transformRequest?.(request)) ?? request;
    const { content } = changed;
    const key = newId<'send'>();
    const send = {
      key,
      content,
      artifactIds: [...changed.artifactIds],
      at: this.#options.requests.clock.now(),
      problem: null,
    };
    if (!this.#pending.add(send)) throw tooManyPending();
    this.#showPending(send);
    void this.#outbox.pump();
    return key;
  }

  /** Sends once more what was refused, under the same key. */
  retry(key: string): void {
    this.#pending.refuse(key, null);
    this.#messages.change(pendingId(key), { delivery: 'waiting', problem: null });
    void this.#outbox.pump();
  }

  /** Takes back what was not sent; its text, to go on writing. */
  discard(key: string): string {
    const send = this.#pending.delete(key);
    this.#drop(pendingId(key));
    return send?.content ?? '';
  }

  /** A new question beside the old one, and its answer. */
  async edit(messageId: string, content: string): Promise<void> {
    const taken = await this.#act(messageId, { action: 'edit', content });
    if (taken === null) return;
    this.store.setState(({ ids }) => ({ ids: placedInstead(ids, messageId, taken.message.id) }));
    this.#messages.put(asSent(taken.message));
    if (taken.run !== null) this.#follow(taken.run);
  }

  /** A new answer beside the old one. */
  async regenerate(messageId: string, model?: string): Promise<void> {
    const taken = await this.#act(messageId, { action: 'regenerate', ...(model === undefined ? {} : { model }) });
    if (taken === null || taken.run === null) return;
    const { answerId } = taken.run;
    const old = this.#messages.get(messageId);
    if (old !== undefined) this.#messages.put(answerBeside(old, taken.run));
    this.store.setState(({ ids }) => ({ ids: placedInstead(ids, messageId, answerId) }));
    this.#follow(taken.run);
  }

  /** @param reaction Null takes it back. */
  async react(messageId: string, reaction: 'like' | 'dislike' | null): Promise<void> {
    const before = this.#messages.get(messageId)?.reaction ?? null;
    this.#messages.change(messageId, { reaction });
    const taken = await this.#act(messageId, { action: reaction ?? 'clear-reaction' });
    if (taken === null) this.#messages.change(messageId, { reaction: before });
  }

  async report(messageId: string, reason: string): Promise<boolean> {
    return (await this.#act(messageId, { action: 'report', reason })) !== null;
  }

  /** Shows the branch of this number, from 1, of those that follow the same message. */
  async showBranch(messageId: string, number: number): Promise<void> {
    const message = this.#messages.get(messageId);
    const { chatId } = this.store.getState();
    if (message === undefined || chatId === null) return;
    try {
      const sibling = await this.#sibling(chatId, message, number);
      await this.#options.api.act(chatId, sibling, { action: 'branch' });
      await this.#read();
      await this.#goOn();
    } catch (error) {
      this.#fail('showing another branch', error);
    }
  }

  /** Ends the answer under way; what was said stays. */
  async stop(): Promise<void> {
    const { answering } = this.store.getState();
    if (answering === null) return;
    await this.#options.api.stop(answering.runId).catch((error: unknown) => this.#fail('stopping the answer', error));
  }

  async upload(image: Blob, alt = ''): Promise<Artifact> {
    const chatId = await this.#begun();
    return (await this.#options.api.upload(chatId, image, { alt })).artifact;
  }

  /** Puts the conversation into the archive and begins anew. */
  async reset(): Promise<void> {
    this.#leave();
    for (const { key } of this.#pending.all) this.discard(key);
    await this.#options.api.fetchChatData(this.#options.target, null, true);
    this.store.setState({ ids: [], chatId: null, chat: null });
    await this.load();
  }

  clearProblem(): void {
    this.store.setState({ problem: null });
  }

  /** Leaves the conversation. What is being answered is answered on; what was not sent is sent next time. */
  close(): void {
    this.#leave();
    this.#closed.abort();
    this.#buffer.close();
  }

  async #read(): Promise<void> {
    const { api, target } = this.#options;
    const state = await api.fetchChatData(this.store.getState().chatId ?? target);
    const messages = state.chat?.messages ?? [];
    const oldest = messages[0];
    this.#before = oldest !== undefined && oldest.parentId !== null ? oldest.seq : null;
    const waiting = this.#pending.all.map(({ key }) => pendingId(key));
    const shown = new Set([...messages.map(({ id }) => id), ...waiting]);
    this.#messages.keepOnly(shown);
    for (const message of messages) this.#messages.put(asSent(message));
    this.store.setState({
      chatId: state.userChatId,
      chat: state.chat === null ? null : withoutMessages(state.chat),
      character: state.character,
      ids: [...messages.map(({ id }) => id), ...waiting.filter((id) => this.#messages.get(id) !== undefined)],
      hasOlder: this.#before !== null,
      isNew: state.isNew,
      totalSteps: state.totalSteps,
      currentStep: state.currentStep,
    });
  }

  /** Follows the answer that is under way, if there is one. */
  async #goOn(): Promise<void> {
    const { chatId } = this.store.getState();
    if (chatId === null) return;
    const run = await this.#options.api.activeRun(chatId);
    if (run !== null) this.#follow(run);
  }

  /** The conversation, begun where it was not. */
  async #begun(): Promise<string> {
    const { chatId } = this.store.getState();
    if (chatId !== null) return chatId;
    // The same key for the same intention: two sends at once begin one conversation.
    const place = `tandem:begin:${this.#options.target}`;
    const key = this.#options.keeping.get(place) ?? newId<'send'>();
    this.#options.keeping.set(place, key);
    await this.#options.api.postChatData({ chatId: this.#options.target }, { key });
    this.#options.keeping.delete(place);
    await this.#read();
    return this.store.getState().chatId ?? this.#options.target;
  }

  #follow(run: { readonly runId: string; readonly answerId: string }): void {
    this.#leave();
    const following = new AbortController();
    this.#following = following;
    const { runId, answerId } = run;
    this.store.setState({ answering: { runId, answerId }, connection: 'connecting' });
    const { requests, events, wake, random, language = 'en' } = this.#options;
    void followRun({
      requests,
      events,
      runId,
      signal: AbortSignal.any([following.signal, this.#closed.signal]),
      ...(wake === undefined ? {} : { wake }),
      ...(random === undefined ? {} : { random }),
      messages: this.#messages,
      buffer: this.#buffer,
      words: announcementsFor(language),
      add: (message) => this.#add(message),
      setState: (state) => this.store.setState(state),
    })
      .then(
        async (end) => {
          if (end === 'left') return;
          if (end === 'cut-short') await this.#read();
        },
        (error: unknown) => this.#fail('reading an answer', error),
      )
      .catch((error: unknown) => this.#fail('reading an answer', error))
      .finally(() => {
        if (this.#following !== following) return;
        this.#following = null;
        this.store.setState({ answering: null, connection: 'idle' });
        void this.#outbox.pump();
      });
  }

  #leave(): void {
    this.#following?.abort();
    this.#following = null;
    this.store.setState({ answering: null, connection: 'idle' });
  }

  /** Before what is still being sent. */
  #add(message: ThreadMessage): void {
    const isNew = this.#messages.get(message.id) === undefined;
    this.#messages.put(message);
    const { ids } = this.store.getState();
    if (ids.includes(message.id)) return;
    const at = isNew ? ids.findIndex(isPendingId) : -1;
    this.store.setState({ ids: at < 0 ? [...ids, message.id] : ids.toSpliced(at, 0, message.id) });
  }

  #drop(id: string): void {
    this.store.setState(({ ids }) => ({ ids: withoutId(ids, id) }));
    this.#messages.delete(id);
  }

  #showPending(send: PendingSend): void {
    const id = pendingId(send.key);
    const { chatId, ids } = this.store.getState();
    this.#messages.put(pendingMessage(send, chatId ?? ''));
    if (!ids.includes(id)) this.store.setState({ ids: [...ids, id] });
  }

  async #act(messageId: string, action: MessageAction): Promise<ActionTaken | null> {
    const { chatId } = this.store.getState();
    if (chatId === null) return null;
    try {
      const taken = await this.#options.api.act(chatId, messageId, action);
      if (taken.message.id === messageId) this.#messages.change(messageId, { reaction: taken.message.reaction });
      return taken;
    } catch (error) {
      this.#fail(`the action ${action.action}`, error);
      return null;
    }
  }

  async #sibling(chatId: string, message: ThreadMessage, number: number): Promise<string> {
    let before: number | null = null;
    for (let page = 0; page < BRANCH_PAGES_MAX; page += 1) {
      const older: { readonly before?: number } = before === null ? {} : { before };
      const history = await this.#options.api.history(chatId, { limit: BRANCH_PAGE, isEveryBranch: true, ...older });
      const found = history.messages.find(
        (each) => each.parentId === message.parentId && each.branch.number === number && each.sender === message.sender,
      );
      if (found !== undefined) return found.id;
      before = history.before;
      if (before === null) break;
    }
    throw branchGone();
  }

  #fail(where: string, error: unknown): void {
    const failure = error instanceof ChatError ? error : handleApiError(error, this.#options.language);
    if (failure.kind === 'cancelled') return;
    const own = failure.cause instanceof Fault ? failure.cause.message : failure.userMessage;
    const text = failure.problem?.title ?? own;
    this.store.setState({ problem: { text, kind: failure.kind } });
    this.#options.events.triggerChatEvent('chat:error', { where, userMessage: text, error });
  }
}

/** The messages are kept by their ids; here they would be kept a second time. */
const withoutMessages = ({ messages: _messages, history: _history, ...chat }: NonNullable<ChatState['chat']>): Chat =>
  chat;

export const createThread = (options: ThreadOptions): Thread => new Thread(options);
