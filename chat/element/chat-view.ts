// The whole of a chat on a page: heading, conversation, what one could say, and the field; over the headless parts.
// Rules: a screen reader hears when an answer begins and ends, never its words as they come; errors are an alert; every
// button is reached by Tab; the person decides whether the end is followed.

import { attachDom, type AttachedDom } from '../events/index.ts';
import { suggestionsModule } from '../modules/index.ts';
import { createMarkdown, isPendingId, type OpenChat, type ThreadState } from '../thread/index.ts';
import { createComposer, type Composer } from './composer.ts';
import { iconButton, make } from './make.ts';
import { actOnMessage } from './message-actions.ts';
import { messageRow } from './message-row.ts';
import { pictureLoader } from './pictures.ts';
import { RowList } from './row-list.ts';
import type { Words } from './words.ts';

export interface ChatViewOptions {
  readonly root: ShadowRoot;
  readonly chat: OpenChat;
  readonly words: Words;
  readonly target: string;
  /** Of the server. */
  readonly origin: string;
  /** Null: the name of the character. */
  readonly heading: string | null;
  /** 1 where the chat is the whole page. */
  readonly headingLevel: 1 | 2;
  readonly sendsOnEnter: () => boolean;
}

export interface ChatView {
  readonly composer: Composer;
  close(): void;
}

export function createChatView(options: ChatViewOptions): ChatView {
  const { root, chat, words, target } = options;
  const { thread } = chat;
  const parts = skeleton(words, options.headingLevel);
  const composer = createComposer({
    words,
    draft: () => chat.drafts.get(target),
    keepDraft: (text) => chat.drafts.set(target, text),
    upload: (image) => thread.upload(image, image.name.replace(/\.\w+$/, '')),
    stop: () => void thread.stop(),
    fail: (error) => fail(chat, 'attaching a picture', error),
  });
  parts.chat.append(composer.form);
  root.replaceChildren(parts.chat);

  const list = listIn(options, parts);
  const dom = delegated(options, composer);
  const offs = [
    thread.store.subscribe((now, before) => show({ ...options, parts, list, composer }, now, before)),
    chat.events.on('display:message', ({ text }) => composer.setText(text)),
    suggesting(options, parts),
  ];
  parts.jump.addEventListener('click', () => list.tell({ kind: 'jumped' }));
  show({ ...options, parts, list, composer }, thread.store.getState(), null);
  return {
    composer,
    close: () => {
      for (const off of offs) off();
      dom.detach();
      list.close();
      root.replaceChildren();
    },
  };
}

type Parts = ReturnType<typeof skeleton>;

function skeleton(words: Words, level: 1 | 2) {
  const heading = make(`h${level}`);
  const step = make('span', { class: 'step' });
  const rows = make('div', { class: 'rows' });
  const greeting = make('div', { class: 'greeting' });
  const scroller = make(
    'div',
    { class: 'scroller', role: 'log', 'aria-live': 'off', 'aria-label': words.messages, tabindex: '0' },
    greeting,
    rows,
  );
  const jump = make('button', { type: 'button', class: 'jump', hidden: true });
  const chooser = make('div', { class: 'chooser', role: 'group', 'aria-label': words.suggestions });
  const status = make('div', { class: 'hidden-text', role: 'status', 'aria-live': 'polite' });
  const problem = make('div', { class: 'problem-bar', role: 'alert' });
  const chat = make(
    'div',
    { class: 'chat' },
    make('header', {}, heading, step),
    make('div', { class: 'middle' }, scroller, jump),
    chooser,
    status,
    problem,
  );
  return { chat, heading, step, scroller, rows, greeting, jump, chooser, status, problem };
}

function listIn({ chat, words, origin }: ChatViewOptions, { scroller, rows, jump }: Parts): RowList {
  const { thread, modules } = chat;
  const rowPorts = {
    words,
    markdown: createMarkdown({ document, origin }),
    message: (id: string) => thread.message(id),
    watch: (id: string, watcher: () => void) => thread.watchMessage(id, watcher),
    name: () => thread.store.getState().character?.name ?? words.assistant,
    actionsFor: modules.actionsFor,
    picture: pictureLoader(chat.requests, origin),
  };
  return new RowList({
    scroller,
    rows,
    window,
    makeRow: (id) => messageRow(id, rowPorts),
    onFollowing: ({ isFollowing, newCount }) => {
      jump.hidden = isFollowing;
      jump.textContent = words.jump(newCount);
    },
    onBeginning: () => void thread.loadOlder(),
  });
}

function delegated(options: ChatViewOptions, composer: Composer): AttachedDom {
  const { root, chat, words, sendsOnEnter } = options;
  return attachDom(root, {
    events: chat.events,
    sendsOnEnter,
    submit: async (text) => {
      try {
        await chat.thread.send(text, { artifactIds: composer.takeAttached() });
        return true;
      } catch (error) {
        fail(chat, 'sending a message', error);
        return false;
      }
    },
    messageAction: (action, messageId, button) => actOnMessage({ chat, words, composer, action, messageId, button }),
    imageAction: (action, imageId) => {
      if (action !== 'upscale') return;
      void chat.api.upscale(imageId).catch((error: unknown) => fail(chat, 'enlarging a picture', error));
    },
  });
}

/** Said where problems are said. */
function fail(chat: OpenChat, where: string, error: unknown): void {
  const text = error instanceof Error ? error.message : String(error);
  chat.thread.store.setState({ problem: { text, kind: 'other' } });
  chat.events.triggerChatEvent('chat:error', { where, userMessage: text, error });
}

interface Showing extends ChatViewOptions {
  readonly parts: Parts;
  readonly list: RowList;
  readonly composer: Composer;
}

function show(showing: Showing, now: ThreadState, before: ThreadState | null): void {
  const { parts, list, composer, words, heading, chat } = showing;
  if (now.ids !== before?.ids) list.setIds(now.ids, isPendingId(now.ids.at(-1) ?? ''));
  if (now.character !== before?.character || now.ids.length === 0 || before?.ids.length === 0) {
    parts.heading.textContent = heading ?? now.character?.name ?? words.assistant;
    const first = now.character?.steps[0]?.question ?? now.character?.greeting ?? '';
    parts.greeting.textContent = now.ids.length === 0 && now.loading === 'none' ? first : '';
  }
  if (now.announcement !== before?.announcement) parts.status.textContent = now.announcement;
  if (now.problem !== before?.problem) showProblem(showing, now);
  composer.setAnswering(now.answering !== null);
  const isSetUp = now.currentStep < now.totalSteps;
  parts.step.textContent = isSetUp ? words.step(now.currentStep + 1, now.totalSteps) : lineOf(now, words);
  if (isSetUp && (now.currentStep !== before?.currentStep || now.character !== before.character)) {
    const choices = now.character?.steps[now.currentStep]?.choices ?? [];
    offer(parts, choices, (text) => void chat.thread.send(text));
  } else if (!isSetUp && before !== null && before.currentStep < before.totalSteps) {
    offer(parts, [], () => undefined);
  }
}

function lineOf({ connection, loading, answering, character }: ThreadState, words: Words): string {
  if (loading === 'first') return words.loading;
  if (connection === 'waiting') return words.reconnecting;
  return answering === null ? '' : `${character?.name ?? words.assistant} ${words.typing}`;
}

function showProblem({ parts, words, chat }: Showing, { problem }: ThreadState): void {
  if (problem === null) return parts.problem.replaceChildren();
  const close = iconButton('close', words.close);
  close.addEventListener('click', () => chat.thread.clearProblem());
  const text = problem.kind === 'auth' ? words.signIn : problem.text;
  parts.problem.replaceChildren(make('span', {}, text), close);
}

/** Things to say, as buttons. */
function offer({ chooser }: Parts, texts: readonly string[], choose: (text: string) => void): void {
  chooser.replaceChildren(
    ...texts.map((text) => {
      const button = make('button', { type: 'button', class: 'choice' }, text);
      button.addEventListener('click', () => {
        chooser.replaceChildren();
        choose(text);
      });
      return button;
    }),
  );
}

/** Asks what one could say: when all has begun, and after each answer. */
function suggesting({ chat }: ChatViewOptions, parts: Parts): () => void {
  const ask = async (): Promise<void> => {
    const suggestions = (await chat.modules.port(suggestionsModule)?.getSuggestions()) ?? [];
    const { currentStep, totalSteps } = chat.thread.store.getState();
    if (currentStep < totalSteps) return;
    offer(
      parts,
      suggestions.map(({ text }) => text),
      (text) => void chat.thread.send(text),
    );
  };
  const offs = [
    chat.events.on('chatcore:ready', ask),
    chat.events.on('message:received', ask),
    chat.events.on('message:sent', () => offer(parts, [], () => undefined)),
  ];
  return () => offs.forEach((off) => off());
}
