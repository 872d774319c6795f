// <tandem-chat server token chat-id character lang theme heading heading-level>: a conversation as one element of any page.
// The token is read with each request, so a new one takes no reload.
// Rules: no global but the element's name; what happens in it is told as events on it; it keeps nothing of the page.

import type { AnyModule } from '../modules/index.ts';
import { browserKeeping, browserWake } from '../requests/index.ts';
import { browserFrames, openChat, SEED_MODULES, type OpenChat } from '../thread/index.ts';
import { createChatView, type ChatView } from './chat-view.ts';
import { styleSheet } from './styles.ts';
import { wordsFor } from './words.ts';

const ATTRIBUTES = ['server', 'chat-id', 'character', 'lang', 'heading'] as const;

export class TandemChat extends HTMLElement {
  static readonly observedAttributes: readonly string[] = ATTRIBUTES;

  /** Modules of the page's own, besides the seed's; to be set before it is put into the page. */
  extraModules: readonly AnyModule[] = [];
  /** Whether a plain Enter sends. */
  sendsOnEnter = true;

  readonly #root = this.attachShadow({ mode: 'open', delegatesFocus: true });
  #opened: { readonly chat: OpenChat; readonly view: ChatView } | null = null;
  #isQueued = false;

  /** The headless parts, for the page's own code; null while it is in no page. */
  get chat(): OpenChat | null {
    return this.#opened?.chat ?? null;
  }

  connectedCallback(): void {
    this.#root.adoptedStyleSheets = [styleSheet()];
    this.#queue();
  }
  disconnectedCallback(): void {
    this.#close();
  }
  attributeChangedCallback(_: string, before: string | null, now: string | null): void {
    if (before !== now && this.#opened !== null) this.#queue();
  }

  /** Sends as if the person had; false where it was not taken. */
  async send(text: string): Promise<boolean> {
    const chat = this.#opened?.chat;
    if (chat === undefined || text.trim() === '') return false;
    await chat.thread.send(text.trim());
    return true;
  }

  /** Several attributes that change at once open it once. */
  #queue(): void {
    if (this.#isQueued) return;
    this.#isQueued = true;
    queueMicrotask(() => {
      this.#isQueued = false;
      if (!this.isConnected) return;
      this.#close();
      this.#open();
    });
  }

  #open(): void {
    const target = this.getAttribute('chat-id') ?? this.getAttribute('character') ?? 'assistant';
    const server = new URL(this.getAttribute('server') ?? '/', document.baseURI);
    const language = this.closest('[lang]')?.getAttribute('lang') ?? document.documentElement.lang;
    const chat = openChat({
      baseUrl: `${server.href.replace(/\/+$/, '')}/api`,
      token: () => this.getAttribute('token'),
      onAuthError: () => this.dispatchEvent(new CustomEvent('tandem:signed-out')),
      target,
      language,
      keeping: browserKeeping(() => localStorage),
      frames: browserFrames(window, document),
      wake: browserWake(window, document),
      modules: [...SEED_MODULES, ...this.extraModules],
    });
    chat.events.mirrorOn(this);
    const view = createChatView({
      root: this.#root,
      chat,
      words: wordsFor(language),
      target,
      origin: server.origin,
      heading: this.getAttribute('heading'),
      headingLevel: this.getAttribute('heading-level') === '1' ? 1 : 2,
      sendsOnEnter: () => this.sendsOnEnter,
    });
    this.#opened = { chat, view };
    this.dispatchEvent(new CustomEvent('tandem:open'));
    void chat.start();
  }

  #close(): void {
    this.#opened?.view.close();
    this.#opened?.chat.close();
    this.#opened = null;
  }
}

export function defineTandemChat(name = 'tandem-chat'): void {
  if (customElements.get(name) === undefined) customElements.define(name, TandemChat);
}
